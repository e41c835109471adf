/**
 * An open store, in bytes: reading it, writing it, following another process that writes it. Knows
 * no codec and no type of the user's.
 */
@NullMarked
package dev.hmap.store;

import org.jspecify.annotations.NullMarked;
