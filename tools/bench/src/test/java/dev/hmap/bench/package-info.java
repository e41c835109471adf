/** Whether the benchmark measures what it says, on maps so small that the figures mean nothing. */
@NullMarked
package dev.hmap.bench;

import org.jspecify.annotations.NullMarked;
