package dev.hmap.recovery;

import static dev.hmap.recovery.SmallStore.NAMES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.damage.MemoryFiles;
import dev.hmap.error.StoreAccessException;
import dev.hmap.format.LogHead;
import dev.hmap.format.StoreHeader;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Opens what has the name of a store's log, if its head names the store. */
class LogFinderTest {
  private static final LogHead FORMER = new LogHead(8, 9);

  private final MemoryFiles files = new MemoryFiles();
  private final Journal journal = new Journal(files);
  private StoreHeader header;

  @BeforeEach
  void createStore() {
    Creation.Seeds seeds = new Creation.Seeds(1, 2, 3, FORMER);
    Creation.create(files, NAMES, SmallStore.LONGS, 0, seeds);
    header = Recovery.readHeader(files, NAMES);
  }

  private void putLog(LogHead head) {
    byte[] page = new byte[LogHead.BYTES];
    head.encode().get(page);
    files.put(NAMES.log(), page);
  }

  @Test
  void aStoreMayHaveNoLog() throws IOException {
    assertThat(LogFinder.find(journal, NAMES, header, true)).isNull();
    assertThat(LogFinder.isMissing(journal, NAMES, header)).isTrue();
  }

  @Test
  void theLogHasTheHeadOfTheStore() throws IOException {
    putLog(new LogHead(1, 2));
    assertThat(LogFinder.find(journal, NAMES, header, true).storeId()).isEqualTo(2);
    assertThat(LogFinder.isMissing(journal, NAMES, header)).isFalse();
  }

  @Test
  void whatIsNotTheLogIsRefusedByAWriterAndIgnoredByAReader() throws IOException {
    putLog(new LogHead(1, 3));
    assertThatThrownBy(() -> LogFinder.find(journal, NAMES, header, true))
        .isInstanceOf(StoreAccessException.class)
        .hasMessage(
            "/small.hmap cannot be opened: /small.hmap-log is not its log, and has that name");
    assertThat(LogFinder.find(journal, NAMES, header, false)).isNull();
    assertThat(files.exists(NAMES.log())).isTrue();
  }

  @Test
  void theLogOfTheStoreThatThisOneReplacedIsRemovedByAWriter() throws IOException {
    putLog(FORMER);
    assertThat(LogFinder.find(journal, NAMES, header, false)).isNull();
    assertThat(journal.takeCalls()).isEmpty();
    assertThat(LogFinder.find(journal, NAMES, header, true)).isNull();
    assertThat(journal.takeCalls()).containsExactly("force folder", "delete log", "force folder");
  }
}
