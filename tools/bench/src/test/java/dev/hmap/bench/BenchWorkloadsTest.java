package dev.hmap.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every workload runs with every engine that takes part in it, and gives figures. */
@Tag("verify")
class BenchWorkloadsTest {
  private static final Settings TINY =
      new Settings(List.of(Workload.values()), 0.002, 2, List.of(1, 20), 1_000_000);

  @TempDir Path folder;

  /** Without what starts processes: {@code BenchRunTest} does. */
  static Stream<Arguments> stagesAndEngines() {
    return Arrays.stream(Stage.values())
        .filter(s -> s != Stage.RECOVERY)
        .flatMap(s ->
            Arrays.stream(Engine.values()).filter(e -> e.does(s)).map(e -> Arguments.of(s, e)));
  }

  @ParameterizedTest
  @MethodSource("stagesAndEngines")
  void shouldGiveFiguresAboveZero(Stage stage, Engine engine) {
    List<Figure> figures = new ArrayList<>();
    Worker.run(new Trial(stage, engine, Shape.LONG, 300), TINY, folder, figures::add);
    assertThat(figures)
        .isNotEmpty()
        .allMatch(f -> f.value() > 0 || f.value() == 0 && f.unit() == Unit.COUNT)
        .allMatch(f -> Double.isFinite(f.value()));
    assertThat(figures.stream().map(Figure::metric).toList())
        .hasSizeGreaterThanOrEqualTo(workloads(stage, engine).size());
    for (String label : workloads(stage, engine)) {
      assertThat(figures).anyMatch(f -> f.metric().startsWith(label));
    }
  }

  private static Set<String> workloads(Stage stage, Engine engine) {
    Set<String> labels = new TreeSet<>();
    for (Workload w : Workload.values()) {
      if (w.stage == stage) {
        labels.add(w.label());
      }
    }
    if (stage == Stage.LIMITS) {
      return Set.of("get-hit", "durable"); // beside which they stand
    }
    if (!engine.isOnDisk()) {
      labels.removeAll(List.of("open", "size"));
    }
    if (engine != Engine.HMAP) {
      labels.remove("get-primitive");
    }
    if (engine == Engine.NONE) {
      labels.remove("iterate");
    }
    return labels;
  }

  @Test
  void figureIsReadAsItWasSaid() {
    Figure figure = new Figure("hmap", "mixed-95-5 x4", Unit.PER_SECOND, 1.25e7);
    assertThat(Figure.parse(figure.line())).contains(figure);
    assertThat(Figure.parse("a line of some engine")).isEmpty();
  }

  @Test
  void stallIsMetByAllPutsThatWereDue() {
    List<Figure> figures = new ArrayList<>();
    GrowthStage.run(new StallingStore(50), "stalling", Shape.LONG, 100, 1000, figures::add);
    assertThat(of(figures, GrowthStage.metric(GrowthStage.SERVICE, 90))).isLessThan(5_000);
    assertThat(of(figures, GrowthStage.metric(GrowthStage.RESPONSE, 90))).isGreaterThan(20_000);
  }

  private static double of(List<Figure> figures, String metric) {
    return figures.stream().filter(f -> f.metric().equals(metric)).findAny().orElseThrow().value();
  }
}
