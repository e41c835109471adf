/**
 * Checkpoints: which pages changed, their images in the log, the writing in place, the header's
 * flip, and giving private pages back. {@link dev.hmap.checkpoint.Checkpointer} carries the essay.
 *
 * <p>May import: {@code dev.hmap.event}, {@code .error}, {@code .format}, {@code .io}, {@code
 * .log}, {@code .table}.
 */
@NullMarked
package dev.hmap.checkpoint;

import org.jspecify.annotations.NullMarked;
