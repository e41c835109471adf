package dev.hmap;

/** What it means that a write has returned. The order of writes is kept in either case. */
public enum Durability {
  /** It survives a power cut. Writes of several threads share one force of the log. */
  SYNC,

  /**
   * It survives the death of the process. A power cut costs at most the writes of the last
   * {@linkplain HMapBuilder#syncInterval interval}.
   */
  ASYNC
}
