package dev.hmap.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The JVM that does one {@link Trial}, and prints its figures. */
final class Worker {
  private Worker() {}

  /**
   * Does the trial.
   *
   * @param args as {@link #arguments} makes them
   */
  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT);
    Logger.getLogger("").setLevel(Level.WARNING);
    Trial trial =
        new Trial(
            Stage.valueOf(args[0]),
            Engine.valueOf(args[1]),
            Shape.named(args[2]),
            Long.parseLong(args[3]));
    Settings settings =
        new Settings(
            Arrays.stream(args[4].split(",")).map(Workload::named).toList(),
            Double.parseDouble(args[5]),
            Integer.parseInt(args[6]),
            Arrays.stream(args[7].split(",")).map(Integer::valueOf).toList(),
            Long.parseLong(args[8]));
    run(trial, settings, Path.of(args[9]), f -> System.out.println(f.line()));
    System.out.flush();
    Runtime.getRuntime().halt(0); // some engines leave threads behind
  }

  /** What {@link #main} is to be given. */
  static Object[] arguments(Trial trial, Settings settings, Path folder) {
    return new Object[] {
      trial.stage().name(),
      trial.engine().name(),
      trial.shape().name(),
      trial.entries(),
      String.join(",", settings.workloads().stream().map(Workload::label).toList()),
      settings.seconds(),
      settings.threads(),
      String.join(",", settings.callers().stream().map(String::valueOf).toList()),
      settings.putsPerSecond(),
      folder
    };
  }

  static void run(Trial trial, Settings settings, Path folder, Consumer<Figure> figures) {
    run(trial, trial.shape(), settings, folder, figures);
  }

  private static <K, V> void run(
      Trial trial, Shape<K, V> shape, Settings settings, Path folder, Consumer<Figure> figures) {
    Place place =
        new Place(
            folder, trial.entries(), trial.stage() == Stage.DURABLE, Budget.cacheBytes(trial));
    Engine engine = trial.engine();
    switch (trial.stage()) {
      case TABLE -> {
        WarmUp.fill(engine, shape, place);
        new TableStage<>(engine, shape, place, settings, figures).run();
      }
      case BULK -> BulkStage.run(engine, shape, place, figures);
      case DURABLE -> DurableStage.run(engine, shape, place, settings, figures);
      case GROWTH -> GrowthStage.run(engine, shape, place, settings, figures);
      case READ_LATENCY -> ReadLatencyStage.run(engine, shape, place, settings, figures);
      case RECOVERY -> RecoveryStage.run(trial, shape, place, figures);
      case LIMITS -> new LimitsStage(trial, place, settings, figures).run();
    }
  }
}
