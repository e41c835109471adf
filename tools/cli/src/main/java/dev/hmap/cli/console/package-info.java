/**
 * What every command needs of the terminal and the system: output that fails loudly, exit codes,
 * one line for each failure, progress, and files that are written whole.
 */
@NullMarked
package dev.hmap.cli.console;

import org.jspecify.annotations.NullMarked;
