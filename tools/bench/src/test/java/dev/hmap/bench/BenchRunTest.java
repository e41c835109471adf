package dev.hmap.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole run, with its processes and reports. */
@Tag("verify")
class BenchRunTest {
  private static final Settings SETTINGS =
      new Settings(List.of(Workload.GET_HIT, Workload.RECOVERY), 0.01, 1, List.of(1), 1);

  @TempDir Path out;

  @Test
  void runMeasuresEachTrialInEachRoundAndReports() throws Exception {
    List<Engine> engines = List.of(Engine.HMAP, Engine.CHM);
    List<Trial> trials = Plan.trials(List.of(1000L), List.of(Shape.LONG), engines, SETTINGS);
    assertThat(trials).hasSize(3);
    Results results =
        new Runner(out, SETTINGS, new Progress(System.err)).run(List.of(trials, trials));

    assertThat(results.missing()).isEmpty();
    Results.Section section = results.sections().iterator().next();
    assertThat(section.byMetric()).containsOnlyKeys("get-hit", "recovery", "recovery records");
    assertThat(section.of("get-hit")).containsOnlyKeys("hmap", "chm");
    section
        .byMetric()
        .values()
        .forEach(m -> m.values().forEach(s -> assertThat(s.values()).hasSize(2)));
    assertThat(section.of("recovery records").get("hmap").median()).isEqualTo(1000);

    Reports.write(out, results, SETTINGS, Map.of("java", "25"));
    assertThat(out.resolve(Reports.MARKDOWN)).content().contains("| get-hit ns | ", "×)");
    assertThat(out.resolve(Reports.JSON)).content().contains("\"metric\" : \"get-hit\"");
    assertThat(out.resolve("charts").resolve("long-1000-get-hit.svg"))
        .content()
        .contains("<svg", ">chm<", "</svg>");
    assertThat(out).isDirectoryNotContaining(p -> p.endsWith("stores") || p.endsWith("tmp"));
  }

  @Test
  void busyProcessesRunUntilTheyAreClosed() throws Exception {
    BusyProcesses busy = BusyProcesses.start(2, out);
    try (busy) {
      assertThat(busy.areAlive()).isTrue();
    }
    assertThat(busy.areAlive()).isFalse();
  }

  @Test
  void medianIsTheMiddleOfTheRounds() {
    Figure any = new Figure("hmap", "get-hit", Unit.NS, 0);
    assertThat(new Results.Series(any, List.of(9.0, 1.0, 2.0)).median()).isEqualTo(2);
    assertThat(new Results.Series(any, List.of(9.0, 1.0, 2.0, 4.0)).median()).isEqualTo(3);
  }

  @Test
  void advantageIsAboveOneWhereHmapIsBetter() {
    assertThat(Unit.NS.advantage(100, 300)).isEqualTo(3);
    assertThat(Unit.PER_SECOND.advantage(300, 100)).isEqualTo(3);
  }

  @Test
  void trialThatNeedsTooMuchIsRefused() {
    Trial huge = new Trial(Stage.TABLE, Engine.CHM, Shape.UUID16, 1L << 40);
    assertThat(Budget.refusal(huge, out)).isPresent();
    assertThat(Budget.refusal(new Trial(Stage.TABLE, Engine.CHM, Shape.LONG, 1000), out)).isEmpty();
  }

  @Test
  void eachRoundBeginsWithAnotherEngine() {
    List<Engine> engines = List.of(Engine.HMAP, Engine.CHM, Engine.LMDB);
    assertThat(Plan.rotated(engines, 1)).containsExactly(Engine.CHM, Engine.LMDB, Engine.HMAP);
  }
}
