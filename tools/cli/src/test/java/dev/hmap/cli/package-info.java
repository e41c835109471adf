/** Tests of the {@code hmap} command. */
@NullMarked
package dev.hmap.cli;

import org.jspecify.annotations.NullMarked;
