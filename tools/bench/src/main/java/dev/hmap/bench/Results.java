package dev.hmap.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The figures of all rounds, of one shape and size each. Keeps the order in which they came. */
final class Results {
  /** The same thing, measured in every round. */
  record Series(Figure first, List<Double> values) {
    /** The middle of the rounds; of an even number, the mean of the middle two. */
    double median() {
      List<Double> sorted = values.stream().sorted().toList();
      int n = sorted.size();
      return (sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2;
    }
  }

  /** One table of the report. */
  record Section(Shape<?, ?> shape, long entries, Map<String, Map<String, Series>> byMetric) {
    /** Engines in the order in which they came. */
    Set<String> engines() {
      Set<String> engines = new LinkedHashSet<>();
      byMetric.values().forEach(m -> engines.addAll(m.keySet()));
      return engines;
    }

    /** What each engine did. */
    Map<String, Series> of(String metric) {
      return byMetric.getOrDefault(metric, Map.of());
    }

    @Nullable Series series(String metric, String engine) {
      return of(metric).get(engine);
    }

    /** In file names and headings. */
    String label() {
      return shape.name() + "-" + entries;
    }
  }

  private record Key(Shape<?, ?> shape, long entries) {}

  private final Map<Key, Section> sections = new LinkedHashMap<>();
  private final Set<String> missing = new LinkedHashSet<>();
  private boolean failed;

  void add(Trial trial, Figure figure) {
    sections
        .computeIfAbsent(
            new Key(trial.shape(), trial.entries()),
            k -> new Section(k.shape(), k.entries(), new LinkedHashMap<>()))
        .byMetric()
        .computeIfAbsent(figure.metric(), _ -> new LinkedHashMap<>())
        .computeIfAbsent(figure.engine(), _ -> new Series(figure, new ArrayList<>()))
        .values()
        .add(figure.value());
  }

  /** Notes that a trial has no figures, and why. */
  void addMissing(Trial trial, String why) {
    missing.add("%s: %s".formatted(trial, why));
  }

  /** The same, where it should have. */
  void addFailure(Trial trial, String why) {
    addMissing(trial, why);
    failed = true;
  }

  boolean hasFailed() {
    return failed;
  }

  Collection<Section> sections() {
    return sections.values();
  }

  /** Trials without figures. */
  Set<String> missing() {
    return missing;
  }
}
