/**
 * Constants and field layouts of everything on disk, as {@code format-spec/} defines them.
 *
 * <p>No engine code: a class here can say where a field lies, and turn bytes into values and back,
 * and nothing else. All integers are little-endian.
 */
@NullMarked
package dev.hmap.format;

import org.jspecify.annotations.NullMarked;
