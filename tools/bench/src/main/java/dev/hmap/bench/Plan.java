package dev.hmap.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Which trials are done, and in what order. */
final class Plan {
  private Plan() {}

  /** Every trial that is asked for, once. Those that compare engines are neighbours. */
  static List<Trial> trials(
      List<Long> entries, List<Shape<?, ?>> shapes, List<Engine> engines, Settings settings) {
    List<Trial> trials = new ArrayList<>();
    for (long n : entries) {
      for (Shape<?, ?> shape : shapes) {
        for (Stage stage : Stage.values()) {
          if (settings.has(stage)) {
            engines.stream()
                .filter(e -> e.does(stage))
                .forEach(e -> trials.add(new Trial(stage, e, shape, n)));
          }
        }
      }
    }
    return trials;
  }

  /**
   * The engines in the order of a round: each begins with another one, so that none always comes
   * first to a quiet machine, or after the same neighbour's writes.
   */
  static List<Engine> rotated(List<Engine> engines, int round) {
    List<Engine> rotated = new ArrayList<>(engines);
    Collections.rotate(rotated, -round);
    return rotated;
  }
}
