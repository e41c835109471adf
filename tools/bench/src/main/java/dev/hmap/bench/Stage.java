package dev.hmap.bench;

import java.util.Locale;

/** What one worker does with one engine. */
enum Stage {
  /** Loads a map, and does with it all that needs no waiting for the disk. */
  TABLE,
  /** Fills a map in batches, in a small heap. */
  BULK,
  /** Durable puts. */
  DURABLE,
  /** The latency of puts, from the first to the last. */
  GROWTH,
  /** The latency of gets, while nothing else happens, and while the map grows. */
  READ_LATENCY,
  /** Kills a process that wrote, and opens what it left. */
  RECOVERY,
  /** What memory and disk can do. */
  LIMITS;

  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
