/** What {@code hmap bench} measures. */
@NullMarked
package dev.hmap.cli.bench;

import org.jspecify.annotations.NullMarked;
