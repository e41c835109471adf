package dev.hmap.bench;

import java.nio.file.Path;

/**
 * Where and how a store is opened.
 *
 * @param folder of its files; exists
 * @param entries that it will hold at most
 * @param durable whether a put that has returned survives a power cut; else, as far as the engine
 *     can, the death of the process
 * @param cacheBytes for engines with a cache of their own
 */
record Place(Path folder, long entries, boolean durable, long cacheBytes) {
  /** The same settings in a folder of its own beside the files. */
  Place beside(String name) {
    return new Place(Folder.fresh(file(name)), entries, durable, cacheBytes);
  }

  Path file(String name) {
    return folder.resolve(name);
  }
}
