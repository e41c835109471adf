package dev.hmap.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.format.PageLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Knows which pages changed, and has a page of a checkpoint copied before it changes again. */
class DirtyPagesTest {
  private final DirtyPages pages = new DirtyPages();
  private final List<Integer> copied = new ArrayList<>();

  private void write(int page) {
    pages.beforeWrite(PageLayout.addressOf(page) + 100, 8);
  }

  private static BitSet bits(int... pages) {
    BitSet bits = new BitSet();
    for (int page : pages) {
      bits.set(page);
    }
    return bits;
  }

  @Test
  void aWriteMayChangeSeveralPages() {
    assertThat(pages.isDirty()).isFalse();
    pages.beforeWrite(PageLayout.addressOf(6) - 1, 2); // the last byte of page 5, the first of 6
    assertThat(pages.privateCount()).isEqualTo(2);
    assertThat(pages.freeze(bits(5, 6, 7), copied::add)).isEqualTo(bits(5, 6));
  }

  @Test
  void aPageIsMadeByItsFirstWriteOrAheadOfIt() {
    assertThat(pages.isMade(3)).isFalse();
    write(3);
    pages.setPrivate(4);
    assertThat(pages.isMade(3)).isTrue();
    assertThat(pages.isMade(4)).isTrue();
    assertThat(pages.giveBackClean(0, 10, (_, _) -> true)).isEqualTo(-1);
    assertThat(pages.isMade(3)).isTrue();
    assertThat(pages.isMade(4)).isFalse();
  }

  @Test
  void aPendingPageIsCopiedOnceAndBeforeItChanges() {
    write(3);
    write(5);
    pages.freeze(bits(3, 5), copied::add);
    write(4); // not part of the checkpoint
    write(5);
    write(5);
    assertThat(copied).containsExactly(5);
    assertThat(pages.copySome(10)).isFalse(); // none is left
    assertThat(copied).containsExactly(5, 3);
    assertThat(pages.freeze(bits(3, 4, 5), copied::add)).isEqualTo(bits(4, 5));
  }

  @Test
  void pagesAreCopiedAFewAtATimeInTheirOrder() {
    write(9);
    write(2);
    write(7);
    pages.freeze(bits(2, 9), copied::add); // page 7 is free again
    assertThat(pages.copySome(1)).isTrue();
    assertThat(copied).containsExactly(2);
    assertThat(pages.copySome(1)).isFalse();
    assertThat(copied).containsExactly(2, 9);
  }

  @Test
  void aCheckpointThatDidNotComeAboutLeavesItsPagesDirty() {
    write(3);
    BitSet frozen = pages.freeze(bits(3, 4), copied::add);
    write(4);
    pages.restore(frozen);
    assertThat(pages.freeze(bits(3, 4), copied::add)).isEqualTo(bits(3, 4));
    assertThat(copied).isEmpty();
  }

  @Test
  void privatePagesThatEqualTheFileAreGivenBackInRuns() {
    for (int page = 2; page <= 6; page++) {
      write(page);
    }
    pages.freeze(bits(2, 3, 4, 5, 6), copied::add);
    pages.copySome(10);
    write(4);
    List<String> given = new ArrayList<>();
    int at = pages.giveBackClean(0, 10, (from, to) -> given.add(from + " to " + (to - 1)));
    assertThat(at).isEqualTo(-1);
    assertThat(given).containsExactly("2 to 3", "5 to 6");
    assertThat(pages.privateCount()).isEqualTo(1);
  }

  @Test
  void pagesAreGivenBackAFewAtATime() {
    for (int page = 2; page <= 9; page++) {
      write(page);
    }
    pages.freeze(bits(), copied::add); // none is in use
    write(3);
    List<String> given = new ArrayList<>();
    int at = 0;
    while (at >= 0) {
      at = pages.giveBackClean(at, 3, (from, to) -> given.add(from + " to " + (to - 1)));
    }
    assertThat(given).containsExactly("2 to 2", "4 to 4", "5 to 7", "8 to 9");
    assertThat(pages.privateCount()).isEqualTo(1);
  }

  @Test
  void whereTheSystemTakesNoneBackTheyStay() {
    write(2);
    pages.freeze(bits(), copied::add);
    assertThat(pages.giveBackClean(0, 10, (_, _) -> false)).isEqualTo(-1);
    assertThat(pages.privateCount()).isEqualTo(1);
  }
}
