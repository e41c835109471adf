/**
 * What becomes of a store whose files are damaged: each {@link dev.hmap.damage.Sample} is a small
 * store, {@link dev.hmap.damage.Probe} does all that users do to a damaged copy of it, and says
 * whether what came of it is right or a documented exception. {@link dev.hmap.damage.Mutation}
 * mends the sums behind it.
 */
package dev.hmap.damage;
