package dev.hmap.maintenance;

import static dev.hmap.store.TextStore.NAMES;
import static dev.hmap.store.TextStore.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.damage.MemoryFiles;
import dev.hmap.format.Operation;
import dev.hmap.store.TextStore;
import dev.hmap.store.WritableStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A tail reads each record of a log once, while another process writes it. */
class LogTailTest {
  private static final long ALL = Long.MAX_VALUE;

  private final MemoryFiles files = TextStore.create();
  private final WritableStore writer = TextStore.open(files);
  private final LogTail tail = new LogTail(files, NAMES);
  private final List<String> read = new ArrayList<>();
  private long missed;

  @AfterEach
  void close() {
    writer.close();
  }

  /** The records that came, as number, bytes logged before it, and key. */
  private List<String> read(long mostBytes) {
    read.clear();
    missed =
        tail.read(
            mostBytes,
            (_, lsn, sequence, bytes, at, _) ->
                read.add(sequence + " at " + lsn + ": " + key(bytes, at)));
    return read;
  }

  private static String key(byte[] bytes, int at) {
    return TextStore.text(Operation.key(bytes, at));
  }

  @Test
  void eachRecordIsReadOnce() {
    put(writer, "a", "1"); // a record of 32 bytes: 16, then 8 + 1 + 1 padded to 16
    put(writer, "b", "2");
    assertThat(read(ALL)).containsExactly("1 at 0: a", "2 at 32: b");
    assertThat(read(ALL)).isEmpty();
    put(writer, "c", "3");
    assertThat(read(ALL)).containsExactly("3 at 64: c");
    assertThat(missed).isZero();
  }

  @Test
  void itReadsNoMoreThanWasAskedFor() {
    put(writer, "a", "1");
    put(writer, "b", "2");
    put(writer, "c", "3");
    assertThat(read(33)).containsExactly("1 at 0: a", "2 at 32: b");
    assertThat(read(ALL)).containsExactly("3 at 64: c");
  }

  @Test
  void recordsThatACheckpointTookAwayAreCounted() {
    put(writer, "a", "1");
    assertThat(read(ALL)).hasSize(1);
    put(writer, "b", "2");
    put(writer, "c", "3");
    writer.checkpoint();
    put(writer, "d", "4");
    assertThat(read(ALL)).containsExactly("4 at 96: d");
    assertThat(missed).isEqualTo(2);
  }

  @Test
  void aStoreThatIsClosedHasNoRecords() {
    put(writer, "a", "1");
    writer.close();
    assertThat(read(ALL)).isEmpty();
  }
}
