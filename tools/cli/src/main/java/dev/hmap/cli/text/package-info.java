/**
 * Keys and values of each codec as text, as cells of a table and as JSON: {@link
 * dev.hmap.cli.text.Text}.
 */
@NullMarked
package dev.hmap.cli.text;

import org.jspecify.annotations.NullMarked;
