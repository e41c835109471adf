package dev.hmap.bench;

/** What one worker measures. */
record Trial(Stage stage, Engine engine, Shape<?, ?> shape, long entries) {
  /** Bytes that the keys and values have. */
  long dataBytes() {
    return entries * shape.entryBytes();
  }

  @Override
  public String toString() {
    return "%s %s %s %,d".formatted(stage.label(), engine.label(), shape.name(), entries);
  }
}
