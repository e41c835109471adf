package dev.hmap.crash;

/** Something that the store does for safety, and that a {@link MutatingFileSystem} undoes. */
enum Mutant {
  CREATE_FORCE("the new data file is not forced before it gets its name"),
  CREATE_FORCE_FOLDER("the folder is not forced after creation"),
  LOG_FORCE_FOLDER("the folder is not forced when the log is created"),
  COMMIT_FORCE("the log is not forced before a write is acknowledged"),
  SYNC_FORCE("sync() and the interval do not force the log"),
  CHECKPOINT_FORCE_1("the data file is not forced before the commit"),
  CHECKPOINT_FORCE_LOG("the log is not forced at the commit"),
  CHECKPOINT_FORCE_2("the data file is not forced between the pages and the header"),
  CHECKPOINT_FORCE_3("the data file is not forced after the header"),
  FRESH_PAGES("pages that the old state does not use never reach the medium"),
  IMAGES("page images never reach the medium"),
  IN_PLACE_SKIPPED("imaged pages are not written in place"),
  HEADER_LOST("the header of a checkpoint never reaches the medium"),
  HEADER_SLOT_0("both header slots are page 0"),
  RECOVERY_FORCE_IMAGES("recovery does not force the log before it writes pages in place"),
  RECOVERY_FORCE_PAGES("recovery does not force the pages before it writes the header"),
  RECOVERY_FORCE_LOG("recovery does not force the log before the store is written on"),
  RECOVERY_FORCE_DATA("recovery does not force the data file before the store is written on"),

  LOG_FORCE(
      "the zeros of a new log are not forced",
      "that force gets the blocks: each later force of the log makes the zeros durable too"),
  MARK_FORCE(
      "the header with hashWriting is not forced",
      "recovery looks at the log whether it is marked or not, and the next checkpoint forces it"),
  CLOSE_FORCE(
      "the data file is not forced after its last cut",
      "all that the header refers to is durable before; what is cut off is free"),
  CLOSE_FORCE_FOLDER(
      "the folder is not forced after the log was removed",
      "a log that is back has nothing after the position of the header");

  /** What is wrong. */
  final String damage;

  /** Why no crash shows it, or empty. */
  final String harmless;

  Mutant(String damage) {
    this(damage, "");
  }

  Mutant(String damage, String harmless) {
    this.damage = damage;
    this.harmless = harmless;
  }
}
