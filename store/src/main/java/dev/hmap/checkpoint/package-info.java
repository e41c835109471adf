/**
 * Checkpoints: which pages changed, their images in the log, the writing in place, the header's
 * flip, and giving private pages back. {@link dev.hmap.checkpoint.Checkpointer} carries the essay.
 */
@NullMarked
package dev.hmap.checkpoint;

import org.jspecify.annotations.NullMarked;
