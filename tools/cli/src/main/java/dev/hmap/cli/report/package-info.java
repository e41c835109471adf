/** What the library reports, as text, JSON and HTML. */
@NullMarked
package dev.hmap.cli.report;

import org.jspecify.annotations.NullMarked;
