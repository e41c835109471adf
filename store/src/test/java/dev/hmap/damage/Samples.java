package dev.hmap.damage;

import java.util.List;

/** The samples, each made once. */
final class Samples {
  private static final List<Sample<?, ?>> ALL =
      List.of(
          Sample.closedWhileGrowing(),
          Sample.closedWithEntries(),
          Sample.killedWhileGrowing(),
          Sample.killedWithEntries(),
          Sample.leftCommitted());

  private Samples() {}

  static List<Sample<?, ?>> all() {
    return ALL;
  }

  static List<Sample<?, ?>> smallest() {
    return List.of(ALL.getFirst());
  }

  static List<Sample<?, ?>> small() {
    return ALL.stream().filter(s -> s.pages() <= 64).toList();
  }

  static List<Sample<?, ?>> withLog() {
    return ALL.stream().filter(Sample::hasLog).toList();
  }
}
