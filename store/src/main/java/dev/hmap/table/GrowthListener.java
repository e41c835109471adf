package dev.hmap.table;

/** Is called for growths on the writer thread, and must only take note. */
public interface GrowthListener {
  /** Takes no note. */
  GrowthListener NONE =
      new GrowthListener() {
        @Override
        public void began(int oldB, int newB, long entries) {}

        @Override
        public void ended(int oldB, int newB, long entries) {}
      };

  /** A growth began, to the same size if both are equal. */
  void began(int oldB, int newB, long entries);

  /** A growth ended: the old array is evacuated, or the map was cleared. */
  void ended(int oldB, int newB, long entries);
}
