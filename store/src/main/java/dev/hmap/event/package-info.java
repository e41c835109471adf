/**
 * What is seen of a running store from outside: events of JDK Flight Recorder, named {@code
 * dev.hmap.*}, messages for the application's log, and how long forces and checkpoints take.
 *
 * <p>A leaf: it imports nothing of hmap, so that every layer can tell what it does.
 */
@NullMarked
package dev.hmap.event;

import org.jspecify.annotations.NullMarked;
