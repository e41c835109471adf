/**
 * The one seam to the file system. Engine code reads, writes, forces, maps and locks through {@link
 * dev.hmap.io.FileSystem} alone; tests put a double there that drops, tears and fails.
 *
 * <p>Every call may throw {@link java.io.IOException}; the layers above decide what that means. May
 * import: {@code dev.hmap.event}, {@code dev.hmap.error}, {@code dev.hmap.format}.
 */
@NullMarked
package dev.hmap.io;

import org.jspecify.annotations.NullMarked;
