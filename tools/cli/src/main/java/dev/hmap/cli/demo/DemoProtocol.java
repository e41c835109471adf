package dev.hmap.cli.demo;

/** The lines in which the writing process of the demo reports to the one that will kill it. */
final class DemoProtocol {
  /** {@code CLASSES n}: this many classes are acknowledged. */
  static final String CLASSES = "CLASSES";

  /** {@code LONGS n}: this many longs are acknowledged. */
  static final String LONGS = "LONGS";

  /** {@code EVACUATING n}: {@code nevacuate} is n, and growing. */
  static final String EVACUATING = "EVACUATING";

  private DemoProtocol() {}
}
