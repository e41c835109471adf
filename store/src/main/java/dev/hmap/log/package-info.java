/**
 * The log: operations in the order in which they take effect, on disk before they do. {@link
 * dev.hmap.log.LogWriter} and {@link dev.hmap.log.LogReader} share the format and nothing else.
 */
@NullMarked
package dev.hmap.log;

import org.jspecify.annotations.NullMarked;
