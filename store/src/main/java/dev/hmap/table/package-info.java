/**
 * The map itself on mapped pages: buckets, overflow, growth, evacuation, entries, iteration, and
 * reading without locks. {@link dev.hmap.table.Hmap} carries the essay.
 *
 * <p>Knows bytes, not codecs; knows pages, not the log. One thread writes, any number read. May
 * import: {@code dev.hmap.error}, {@code .format}, {@code .io}, {@code .log}.
 */
@NullMarked
package dev.hmap.table;

import org.jspecify.annotations.NullMarked;
