package dev.hmap.bench;

import java.util.List;

/**
 * How it is measured.
 *
 * @param workloads to do
 * @param seconds of each measurement; it is warmed up for half as long
 * @param threads at most, for mixed workloads
 * @param callers of durable puts: how many in each measurement
 * @param putsPerSecond the schedule of {@link GrowthStage}
 */
record Settings(
    List<Workload> workloads,
    double seconds,
    int threads,
    List<Integer> callers,
    long putsPerSecond) {
  boolean has(Workload workload) {
    return workloads.contains(workload);
  }

  boolean has(Stage stage) {
    return workloads.stream().anyMatch(w -> w.stage == stage);
  }
}
