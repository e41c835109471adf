package dev.hmap.crash;

import dev.hmap.Durability;
import dev.hmap.Silence;
import dev.hmap.crash.Step.Kind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Readers that meet the writer at the worst moment. */
@ExtendWith(Silence.class)
@Timeout(120)
@Tag("promise:7")
@Tag("verify")
class BesideReaderTest {
  private static final int CALLS = 40;
  private static final Step PUT = Step.of(Kind.PUT, 1, 1, 10);
  private static final Step PUT_ANOTHER = Step.of(Kind.PUT, 2, 2, 10);

  private static void run(Step... script) {
    SimulatedFileSystem fileSystem = new SimulatedFileSystem();
    Shape<Long, String> shape = Shape.MIXED;
    var _ =
        new Runner<>(
                shape,
                Durability.SYNC,
                Duration.ofHours(1),
                fileSystem,
                fileSystem,
                new History(shape, List.of()))
            .run(List.of(script));
  }

  /** A reader that stands leaves the store unclean, so that the compaction takes a log away. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void aReaderThatOpensWhileTheLogGoesWithACompactionIsRefused(int standing) {
    for (int call = 1; call <= CALLS; call++) {
      run(
          PUT,
          Step.of(standing > 0 ? Kind.READ : Kind.SYNC),
          Step.of(Kind.READ_COMPACTING, 0, call, 0),
          PUT_ANOTHER,
          Step.of(Kind.REFRESH));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void aReaderThatOpensWhileTheWriterClosesIsRefused(int standing) {
    for (int call = 1; call <= CALLS; call++) {
      run(
          PUT,
          Step.of(standing > 0 ? Kind.READ : Kind.SYNC),
          Step.of(Kind.LEAVE_CLOSED),
          Step.of(Kind.READ_CLOSING, 0, call, 0),
          PUT_ANOTHER,
          Step.of(Kind.READ_CLOSING, 0, call, 0),
          PUT,
          Step.of(Kind.REFRESH));
    }
  }

  /** What is behind a checkpoint that had to wait is in the log alone. */
  @Test
  void whatWasWrittenBesideAReaderIsLostWhenTheReaderLeavesBetweenTwoWriters() {
    run(
        PUT,
        Step.of(Kind.READ),
        Step.of(Kind.REOPEN),
        PUT_ANOTHER,
        Step.of(Kind.LEAVE_CLOSED),
        Step.of(Kind.REOPEN),
        Step.of(Kind.LEAVE_CLOSED),
        Step.of(Kind.PUT_IF_ABSENT, 2, 3, 10),
        Step.of(Kind.PUT_IF_ABSENT, 1, 3, 10));
  }
}
