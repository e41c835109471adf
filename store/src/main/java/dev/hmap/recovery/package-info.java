/**
 * Opens a store from whatever a crash left, and creates one.
 *
 * <p>May import: {@code dev.hmap.event}, {@code .error}, {@code .format}, {@code .io}, {@code
 * .log}, {@code .table}, {@code .checkpoint}.
 */
@NullMarked
package dev.hmap.recovery;

import org.jspecify.annotations.NullMarked;
