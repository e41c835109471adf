package dev.hmap.store;

import static dev.hmap.store.TextStore.NAMES;
import static dev.hmap.store.TextStore.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.damage.MemoryFiles;
import dev.hmap.recovery.OpenedStore;
import dev.hmap.recovery.Recovery;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A follower replays what another process has logged since, or tells when it cannot go on so. */
class FollowerTest {
  private final MemoryFiles files = TextStore.create();
  private final WritableStore writer = TextStore.open(files);
  private OpenedStore opened;
  private Follower follower;

  @BeforeEach
  void follow() {
    put(writer, "a", "1");
    opened = Recovery.open(files, NAMES, false, null);
    follower = new Follower(opened);
  }

  @AfterEach
  void close() throws IOException {
    opened.close();
    writer.close();
  }

  @Test
  void theLagIsWhatWasLoggedSince() {
    put(writer, "b", "2"); // a record: 16 bytes, then 8 + 1 + 1 padded to 16
    assertThat(follower.lag()).isEqualTo(new Follower.Lag(1, 32));
    assertThat(opened.map().count()).isEqualTo(1);
  }

  @Test
  void advancingAppliesTheRecordsThatCame() {
    put(writer, "b", "2");
    assertThat(follower.advance()).isTrue();
    assertThat(opened.map().count()).isEqualTo(2);
    assertThat(follower.end().lsn()).isEqualTo(opened.end().lsn() + 32);
    assertThat(follower.lag()).isEqualTo(new Follower.Lag(0, 0));
  }

  @Test
  void itCannotGoOnWhereAnotherFileHasTheNameAndOpensThatInstead() throws IOException {
    put(writer, "b", "2");
    files.put(NAMES.data(), files.copy(NAMES.data()));
    assertThat(follower.advance()).isFalse();
    follower.letGo();
    opened = follower.open(null);
    assertThat(opened.map().count()).isEqualTo(2);
  }
}
