/** What a line of {@code hmap shell} does. */
@NullMarked
package dev.hmap.cli.shell;

import org.jspecify.annotations.NullMarked;
