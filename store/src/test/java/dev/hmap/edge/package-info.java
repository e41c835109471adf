/**
 * What other programs, other users and other names do around the files of a store: nothing of them
 * is lost to a store, and nothing of a store to them. Only the public API is used here.
 */
package dev.hmap.edge;
