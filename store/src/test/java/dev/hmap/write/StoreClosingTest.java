package dev.hmap.write;

import static dev.hmap.write.SmallWriter.NAMES;
import static dev.hmap.write.SmallWriter.SYNC;
import static dev.hmap.write.SmallWriter.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.format.StoreHeader;
import dev.hmap.io.FileSystem;
import dev.hmap.recovery.OpenedStore;
import dev.hmap.recovery.Recovery;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Closing a store makes a last checkpoint, after which the log goes; else the log stays. */
class StoreClosingTest {
  private final SmallWriter parts = new SmallWriter(SYNC);
  private final StoreClosing closing =
      new StoreClosing(
          parts.store,
          parts.log,
          parts.checkpointer,
          parts.schedule,
          parts.preparation,
          parts.failure);

  private StoreHeader header() {
    return Recovery.readHeader(parts.files, NAMES);
  }

  @Test
  void allIsInTheDataFileAndTheLogIsGone() throws IOException {
    parts.commit(put("a", "1"), put("b", "2"));
    assertThat(header().hmap().hashWriting()).isTrue();
    closing.run();
    assertThat(header().hmap().hashWriting()).isFalse();
    assertThat(header().hmap().count()).isEqualTo(2);
    assertThat(parts.files.exists(NAMES.log())).isFalse();
    assertThat(parts.files.open(NAMES.data(), FileSystem.Mode.READ).size())
        .isEqualTo(header().fileBytes());
  }

  @Test
  void aStoreToWhichNothingWasWrittenIsLeftAsItIs() throws IOException {
    StoreHeader before = header();
    closing.run();
    assertThat(header()).isEqualTo(before);
  }

  @Test
  void afterAFailureTheLogStaysForRecovery() throws IOException {
    parts.commit(put("a", "1"));
    parts.failure.set(new IOException("Input/output error"));
    closing.run();
    assertThat(header().hmap().hashWriting()).isTrue();
    OpenedStore recovered = Recovery.open(parts.files, NAMES, true, null); // the lock was given up
    assertThat(recovered.recovery().records()).isEqualTo(1);
    assertThat(recovered.map().count()).isEqualTo(1);
    recovered.close();
  }
}
