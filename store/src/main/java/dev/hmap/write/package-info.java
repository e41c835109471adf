/**
 * The ring, the single writer, and completion. {@link dev.hmap.write.StoreWriter} carries the
 * essay.
 *
 * <p>May import everything of hmap but {@code dev.hmap} itself.
 */
@NullMarked
package dev.hmap.write;

import org.jspecify.annotations.NullMarked;
