/**
 * The {@code hmap} command: one class for each of its commands, over the packages below, each of
 * which imports only from those before it: {@code console}, {@code text}, {@code rows} and {@code
 * report}, then {@code bench}, {@code demo} and {@code shell}.
 *
 * <p>It uses the library as any user would, through its exported packages. Every message is one
 * line on standard error; a command ends with one of the {@link dev.hmap.cli.console.ExitCode
 * codes}, never with a stack trace.
 */
@NullMarked
package dev.hmap.cli;

import org.jspecify.annotations.NullMarked;
