/**
 * Everything hmap throws of its own: unchecked, subclasses of {@link dev.hmap.error.HMapException}.
 *
 * <p>A leaf: it imports nothing of hmap, so that every layer can throw what users will catch.
 */
@NullMarked
package dev.hmap.error;

import org.jspecify.annotations.NullMarked;
