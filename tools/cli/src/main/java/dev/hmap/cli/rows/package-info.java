/**
 * Whole entries, written by a {@link dev.hmap.cli.rows.Printer} and read as {@link
 * dev.hmap.cli.rows.Rows} in each {@link dev.hmap.cli.rows.Format}.
 */
@NullMarked
package dev.hmap.cli.rows;

import org.jspecify.annotations.NullMarked;
