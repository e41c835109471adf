package dev.hmap.memory;

import java.nio.file.Path;

/** Something that is done while memory ends; played in the loader of the rewritten classes. */
@FunctionalInterface
interface Scene {
  /**
   * Plays it.
   *
   * @param folder an empty one
   * @param begin to be run before memory may end
   * @param end to be run when there is enough of it again
   * @throws AssertionError if something is lost or wrong
   */
  void play(Path folder, Runnable begin, Runnable end);
}
