package dev.hmap.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The files of a store stand in one folder, under names that begin with the data file's. */
class FileNamesTest {
  private final FileNames names = new FileNames(Path.of("/data/orders.hmap"));

  @Test
  void allNamesBeginWithThatOfTheDataFile() {
    assertThat(names.log()).isEqualTo(Path.of("/data/orders.hmap-log"));
    assertThat(names.workshop(1)).isEqualTo(Path.of("/data/orders.hmap-new"));
    assertThat(names.workshop(2)).isEqualTo(Path.of("/data/orders.hmap-new-2"));
    assertThat(names.failed(0xABC)).isEqualTo(Path.of("/data/orders.hmap-failed-0000000000000abc"));
    assertThat(names.folder()).isEqualTo(Path.of("/data"));
  }

  @Test
  void aNameWithoutAFolderIsInTheCurrentOne() {
    FileNames relative = new FileNames(Path.of("orders.hmap"));
    assertThat(relative.log()).isEqualTo(Path.of("orders.hmap-log"));
    assertThat(relative.folder()).isEqualTo(Path.of("").toAbsolutePath());
    assertThat(relative.absolute()).isEqualTo(Path.of("orders.hmap").toAbsolutePath().toString());
  }

  @Test
  void theLongestDataFileNameLeavesRoomForTheLongestOfTheOthers() {
    Path data = Path.of("x".repeat(FileNames.MAX_NAME_BYTES));
    assertThat(new FileNames(data).failed(-1).toString()).hasSize(255);
  }
}
