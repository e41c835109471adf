/**
 * The {@code hmap} command: one class for each of its commands, and what they share.
 *
 * <p>{@link dev.hmap.cli.Text} says how keys and values of each codec are written; {@link
 * dev.hmap.cli.Printer} and {@link dev.hmap.cli.Rows} write and read whole entries in each {@link
 * dev.hmap.cli.Format}.
 *
 * <p>It uses the library as any user would, through {@code dev.hmap} and {@code dev.hmap.error}.
 * Every message is one line on standard error; a command ends with one of the {@link
 * dev.hmap.cli.ExitCode codes}, never with a stack trace.
 */
@NullMarked
package dev.hmap.cli;

import org.jspecify.annotations.NullMarked;
