package dev.hmap;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.hmap.event.ForceEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import jdk.jfr.EventType;
import jdk.jfr.Recording;
import jdk.jfr.SettingDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What JDK Flight Recorder sees of a store. */
class FlightRecorderTest {
  private static final int BIG_VALUE_BYTES = 128 << 10;

  @TempDir Path folder;

  /** What is recorded. */
  private interface Actions {
    void run() throws IOException;
  }

  @Test
  void aForceIsSeenWithItsDuration() throws IOException {
    List<RecordedEvent> forces =
        record(
                () -> {
                  try (HMap<Long, Long> map = open()) {
                    map.put(1L, 1L);
                    map.put(2L, 2L);
                    map.put(3L, 3L);
                  }
                })
            .get("dev.hmap.Force");
    assertThat(forces).hasSize(3).allMatch(e -> e.getDuration().isPositive());
  }

  @Test
  void aQuickForceIsNoEventUnlessAskedFor() {
    EventType force = EventType.getEventType(ForceEvent.class);
    assertThat(force.getSettingDescriptors())
        .filteredOn(setting -> setting.getName().equals("threshold"))
        .extracting(SettingDescriptor::getDefaultValue)
        .containsExactly("10 ms");
    assertThat(force.getCategoryNames()).containsExactly("hmap");
  }

  @Test
  void eachDoublingBeginsAndEnds() throws IOException {
    Map<String, List<RecordedEvent>> seen =
        record(() -> {
          try (HMap<Long, Long> map = open()) {
            for (long i = 0; i < 40; i++) {
              map.put(i, i);
            }
          }
        });
    for (String name : List.of("dev.hmap.GrowthBegin", "dev.hmap.GrowthEnd")) {
      assertThat(seen.get(name))
          .extracting(e -> e.getInt("oldB"), e -> e.getInt("newB"), e -> e.getBoolean("sameSize"))
          .containsExactly(tuple(0, 1, false), tuple(1, 2, false), tuple(2, 3, false));
    }
    assertThat(seen.get("dev.hmap.GrowthBegin"))
        .extracting(e -> e.getLong("entries"))
        .containsExactly(8L, 13L, 26L);
  }

  @Test
  void aClearEndsTheGrowthUnderWay() throws IOException {
    Map<String, List<RecordedEvent>> seen =
        record(() -> {
          try (HMap<Long, Long> map = open()) {
            long next = 0;
            while (map.stats().growth().b() < 5 || map.stats().growth().oldbuckets() == 0) {
              map.put(next, next);
              next++;
            }
            map.clear();
          }
        });
    List<RecordedEvent> ends = seen.get("dev.hmap.GrowthEnd");
    assertThat(ends).hasSameSizeAs(seen.get("dev.hmap.GrowthBegin"));
    assertThat(ends.getLast().getInt("oldB")).isEqualTo(4);
    assertThat(ends.getLast().getLong("entries")).isZero();
  }

  @Test
  void aCheckpointIsSeenWithItsPages() throws IOException {
    List<RecordedEvent> checkpoints =
        record(
                () -> {
                  try (HMap<Long, Long> map = open()) {
                    map.put(1L, 1L);
                    map.checkpoint();
                    map.put(1L, 2L);
                    map.checkpoint();
                  }
                })
            .get("dev.hmap.Checkpoint");
    RecordedEvent first = checkpoints.getFirst();
    RecordedEvent second = checkpoints.get(1);
    for (RecordedEvent e : List.of(first, second)) {
      assertThat(e.getString("outcome")).isEqualTo("DONE");
      assertThat(e.getDuration()).isPositive();
      assertThat(e.getInt("pages")).isPositive();
      assertThat(e.getLong("bytes")).isEqualTo(4096L * (e.getInt("pages") + e.getInt("images")));
    }
    assertThat(second.getInt("images")).as("the bucket is written over").isBetween(1, 2);
    assertThat(second.getLong("generation")).isEqualTo(first.getLong("generation") + 1);
  }

  @Test
  void aRecoveryIsSeenWithWhatItReplayed() throws IOException {
    Path left = folder.resolve("left.hmap");
    try (HMap<Long, Long> map = open()) {
      map.put(1L, 1L);
      map.put(2L, 2L);
      TestFiles.copyStore(path(), left);
    }
    List<RecordedEvent> recoveries =
        recordAll(
                () -> {
                  HMap.open(left, Codec.LONG, Codec.LONG).close();
                  HMap.open(left, Codec.LONG, Codec.LONG).close();
                })
            .get("dev.hmap.Recovery");
    assertThat(recoveries)
        .extracting(e -> e.getLong("recordsReplayed"), e -> e.getBoolean("wasClean"))
        .containsExactly(tuple(2L, false), tuple(0L, true));
    assertThat(recoveries).allMatch(e -> e.getString("store").equals(left.toString()));
    assertThat(recoveries).noneMatch(e -> e.getBoolean("completedCheckpoint"));
  }

  @Test
  void givingPagesBackIsSeen() throws IOException {
    long limit = 16 << 20;
    List<RecordedEvent> given =
        record(
                () -> {
                  try (HMap<Long, byte[]> map =
                      HMap.at(path(), Codec.LONG, Codec.BYTES).privateMemory(limit).open()) {
                    map.write(batch -> {
                      for (long i = 0; i < 120; i++) {
                        batch.put(i, new byte[BIG_VALUE_BYTES]);
                      }
                    });
                    map.checkpoint();
                    while (map.stats().space().privateBytes() > limit / 2) {
                      Thread.onSpinWait(); // the writer gives them back after its checkpoint
                    }
                  }
                })
            .get("dev.hmap.GiveBack");
    assertThat(given).isNotEmpty();
    assertThat(given.stream().mapToInt(e -> e.getInt("pages")).sum()).isGreaterThan(1024);
  }

  private HMap<Long, Long> open() {
    return HMap.open(path(), Codec.LONG, Codec.LONG);
  }

  private Path path() {
    return folder.resolve("map.hmap");
  }

  /** The events of the store at {@link #path} while something is done, by name. */
  private Map<String, List<RecordedEvent>> record(Actions actions) throws IOException {
    Map<String, List<RecordedEvent>> seen = recordAll(actions);
    assertThat(seen.values())
        .allSatisfy(events ->
            assertThat(events).allMatch(e -> e.getString("store").equals(path().toString())));
    return seen;
  }

  private Map<String, List<RecordedEvent>> recordAll(Actions actions) throws IOException {
    Path file = folder.resolve("events.jfr");
    try (Recording recording = new Recording()) {
      for (String name :
          List.of("Force", "GrowthBegin", "GrowthEnd", "Checkpoint", "Recovery", "GiveBack")) {
        recording.enable("dev.hmap." + name).withoutThreshold();
      }
      recording.start();
      actions.run();
      recording.stop();
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file).stream()
        .filter(e -> e.getEventType().getName().startsWith("dev.hmap."))
        .sorted(Comparator.comparing(RecordedEvent::getStartTime))
        .collect(groupingBy(e -> e.getEventType().getName()));
  }
}
