package dev.hmap.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.format.HmapFields;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What the parts of a map share: the time that readers go by, and whether iterators are about. */
class HmapStateTest {
  private final SmallMap map = SmallMap.ofLongs(3);
  private final HmapState state = map.map.state;

  @Test
  void readersGoByTheClockButNeverByATimeBeforeTheHorizon() {
    state.setTime(() -> Instant.ofEpochMilli(5_000));
    state.advanceHorizon(4_000);
    assertThat(state.now()).isEqualTo(5_000);
    state.advanceHorizon(6_000);
    assertThat(state.now()).isEqualTo(6_000);
  }

  @Test
  void anIteratorOverTheArrayIsOneOverTheOldArrayOnceTheMapGrows() {
    assertThat(state.iteratorFlags()).isZero();
    state.markIterator();
    assertThat(state.iteratorFlags()).isEqualTo(HmapFields.FLAG_ITERATOR);
    map.beginDoubling();
    assertThat(state.iteratorFlags()).isEqualTo(HmapFields.FLAG_OLD_ITERATOR);
    state.markIterator(); // this one is over both
    assertThat(state.iteratorFlags())
        .isEqualTo(HmapFields.FLAG_ITERATOR | HmapFields.FLAG_OLD_ITERATOR);
    while (map.map.isGrowing()) {
      map.map.evacuateNext();
    }
    assertThat(state.iteratorFlags()).isEqualTo(HmapFields.FLAG_ITERATOR);
  }
}
