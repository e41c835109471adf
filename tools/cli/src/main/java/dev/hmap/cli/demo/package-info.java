/** What {@code hmap demo} writes, and the process that it kills. */
@NullMarked
package dev.hmap.cli.demo;

import org.jspecify.annotations.NullMarked;
