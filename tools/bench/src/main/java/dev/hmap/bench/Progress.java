package dev.hmap.bench;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A line on standard error for each trial, with the time that is left. */
final class Progress {
  private final PrintStream err;
  private final Map<Trial, Double> seconds = new HashMap<>();

  Progress(PrintStream err) {
    this.err = err;
  }

  void beginning(int round, int rounds, Trial trial, List<Trial> left) {
    String time = seconds.isEmpty() ? "" : ", %s left".formatted(clock(secondsOf(left)));
    err.println("round %d/%d: %s%s".formatted(round, rounds, trial, time));
  }

  void ended(Trial trial, double took) {
    seconds.put(trial, took);
  }

  void say(String line) {
    err.println(line);
  }

  /** A trial takes as long as the last time; one that is new, as long as its stage on average. */
  private double secondsOf(List<Trial> left) {
    double sum = 0;
    for (Trial t : left) {
      Double known = seconds.get(t);
      sum += known != null ? known : average(t);
    }
    return sum;
  }

  private double average(Trial like) {
    return seconds.entrySet().stream()
        .filter(e -> e.getKey().stage() == like.stage())
        .mapToDouble(Map.Entry::getValue)
        .average()
        .orElseGet(
            () -> seconds.values().stream().mapToDouble(Double::doubleValue).average().orElse(0));
  }

  private static String clock(double seconds) {
    long whole = Math.round(seconds);
    return "%d:%02d:%02d".formatted(whole / 3600, whole / 60 % 60, whole % 60);
  }
}
