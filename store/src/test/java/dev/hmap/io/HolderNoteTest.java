package dev.hmap.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A note beside a locked store tells people and other processes who holds it. */
class HolderNoteTest {
  private static final String OLD = "process 1 since 2001-01-01T00:00:00Z";

  @TempDir Path folder;
  private Path data;
  private Path path;

  @BeforeEach
  void makeStore() throws IOException {
    data = Files.createFile(folder.resolve("orders.hmap"));
    path = folder.resolve("orders.hmap-lock");
  }

  @Test
  void itNamesThisProcessUntilItIsTakenAway() {
    HolderNote note = HolderNote.leave(data);
    String holder = "process " + ProcessHandle.current().pid() + " since ";
    assertThat(path).content().startsWith("hmap lock: " + holder);
    assertThat(HolderNote.holderOf(data)).startsWith(holder).endsWith("Z");
    note.remove();
    assertThat(path).doesNotExist();
    assertThat(HolderNote.holderOf(data)).isEqualTo("another process");
  }

  @Test
  void theNoteOfAHolderThatDiedIsReplaced() throws IOException {
    Files.writeString(path, "hmap lock: " + OLD + "\n");
    assertThat(HolderNote.holderOf(data)).isEqualTo(OLD);
    assertThat(HolderNote.leave(data)).isNotNull();
    assertThat(HolderNote.holderOf(data)).doesNotContain("2001");
  }

  @Test
  void aFileOfSomebodyElseUnderItsNameIsLeftAlone() throws IOException {
    Files.writeString(path, "somebody else's");
    assertThat(HolderNote.leave(data)).isNull();
    assertThat(path).hasContent("somebody else's");
    assertThat(HolderNote.holderOf(data)).isEqualTo("another process");
  }

  @Test
  void onlyTheNoteThatWasLeftIsTakenAway() throws IOException {
    HolderNote note = HolderNote.leave(data);
    Files.writeString(path, "hmap lock: " + OLD + "\n"); // of the next holder
    note.remove();
    assertThat(HolderNote.holderOf(data)).isEqualTo(OLD);
  }

  @Test
  void whatALinkLeadsToIsNeitherReadNorDeleted() throws IOException {
    Path elsewhere = Files.writeString(folder.resolve("elsewhere"), "hmap lock: " + OLD);
    Files.createSymbolicLink(path, elsewhere);
    assertThat(HolderNote.holderOf(data)).isEqualTo("another process");
    assertThat(HolderNote.leave(data)).isNull();
    assertThat(elsewhere).hasContent("hmap lock: " + OLD);
  }
}
