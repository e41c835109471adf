package dev.hmap.memory;

import dev.hmap.Durability;
import java.nio.file.Path;

/** The scenes that are played on the rewritten classes. */
enum Stage {
  ASYNC,
  SYNC,
  FOLLOWING,
  OPENING;

  private Scene scene() {
    return switch (this) {
      case ASYNC -> new WritingScene(Durability.ASYNC);
      case SYNC -> new WritingScene(Durability.SYNC);
      case FOLLOWING -> new FollowingScene();
      case OPENING -> new OpeningScene();
    };
  }

  /** Plays a scene to its end; how often each site asks for memory. */
  static int[] rehearse(String name, Path folder) {
    int[][] asked = new int[1][];
    valueOf(name).scene().play(folder, Heap::watch, () -> asked[0] = Heap.empty());
    return asked[0];
  }

  /** Plays a scene in which memory ends, see {@link Heap#fill}. */
  static void play(String name, Path folder, int site, int nth, boolean forever) {
    valueOf(name).scene().play(folder, () -> Heap.fill(site, nth, forever), Heap::empty);
  }
}
