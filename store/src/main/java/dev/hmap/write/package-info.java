/**
 * The ring, the single writer, and completion. {@link dev.hmap.write.StoreWriter} carries the
 * essay.
 */
@NullMarked
package dev.hmap.write;

import org.jspecify.annotations.NullMarked;
