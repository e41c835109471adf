package dev.hmap.table;

/**
 * Takes a value where it lies, while its chain may be changing: it may be called again, with
 * another value, and what it took counts only once the look-up has returned.
 */
public abstract class ValueSink {
  abstract void take(Memory memory, long at, int length);
}
