package dev.hmap.memory;

import java.util.concurrent.atomic.AtomicIntegerArray;

/** What the classes that an {@link AllocationLoader} loads ask before each allocation. */
public final class Heap {
  private static final int MAX_SITES = 20_000;
  private static final AtomicIntegerArray ASKED = new AtomicIntegerArray(MAX_SITES);
  private static volatile boolean isWatched;
  private static volatile boolean isFull;
  private static int failing;
  private static int time;
  private static boolean isForever;

  private Heap() {}

  /** Counts from now on how often each site asks. */
  static void watch() {
    for (int i = 0; i < MAX_SITES; i++) {
      ASKED.set(i, 0);
    }
    failing = -1;
    isFull = false;
    isWatched = true;
  }

  /**
   * Has the heap be full.
   *
   * @param site that asks
   * @param nth which of its allocations fails
   * @param forever whether all fail from then on, of other sites too
   */
  static void fill(int site, int nth, boolean forever) {
    watch();
    isWatched = false;
    failing = site;
    time = nth;
    isForever = forever;
    isWatched = true;
  }

  /** It is full no more; how often each site has asked. */
  static int[] empty() {
    isWatched = false;
    isFull = false;
    int[] asked = new int[MAX_SITES];
    for (int i = 0; i < MAX_SITES; i++) {
      asked[i] = ASKED.get(i);
    }
    return asked;
  }

  /** Called before each allocation. */
  public static void ask(int site) {
    if (isWatched) {
      int asked = ASKED.incrementAndGet(site);
      boolean fails = site == failing && asked == time;
      if (fails && isForever) {
        isFull = true;
      }
      if (fails || isFull) {
        throw new OutOfMemoryError("by this test");
      }
    }
  }
}
