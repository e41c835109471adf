package dev.hmap.write;

import static dev.hmap.write.SmallWriter.START;
import static dev.hmap.write.SmallWriter.SYNC;
import static dev.hmap.write.SmallWriter.putStamped;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** While nobody writes, what has expired is removed all the same. */
class IdleSweepTest {
  private static final long LIFE = 1000;

  private final SmallWriter parts = new SmallWriter(SYNC, LIFE);
  private boolean isIdle = true;
  private final IdleSweep idleSweep =
      new IdleSweep(
          parts.map,
          parts.applier,
          parts.log,
          parts.checkpointer,
          parts.sweep,
          parts.failure,
          () -> isIdle);

  @BeforeEach
  void write() {
    parts.commit(putStamped("key"));
  }

  @AfterEach
  void close() {
    parts.close();
  }

  private long records() {
    return parts.log.writer().end().sequence();
  }

  @Test
  void whatHasExpiredGoesAndTheLogKnowsTheHorizon() {
    long before = records();
    parts.clock.pass(LIFE);
    idleSweep.run();
    assertThat(parts.map.count()).isZero();
    assertThat(parts.map.horizon()).isEqualTo(START + LIFE);
    assertThat(records()).isEqualTo(before + 1);
  }

  @Test
  void whereNothingHasExpiredNothingIsLogged() {
    long before = records();
    parts.clock.pass(LIFE - 1);
    idleSweep.run();
    assertThat(parts.map.count()).isEqualTo(1);
    assertThat(records()).isEqualTo(before);
  }

  @Test
  void itStopsWhenAWriteHasCome() {
    parts.clock.pass(LIFE);
    isIdle = false;
    idleSweep.run();
    assertThat(parts.map.count()).isEqualTo(1);
  }

  @Test
  void aLogThatCannotBeWrittenFailsTheStore() {
    parts.clock.pass(LIFE);
    parts.files.watch(_ -> {
      throw new IOException("Input/output error");
    });
    idleSweep.run();
    assertThat(parts.failure.isSet()).isTrue();
    assertThat(parts.map.count()).isEqualTo(1);
  }
}
