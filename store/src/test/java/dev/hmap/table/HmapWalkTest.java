package dev.hmap.table;

import static dev.hmap.table.SmallMap.keyOf;
import static dev.hmap.table.SmallMap.keysOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Visits each entry of a map that nobody changes, chain by chain, wherever the chain is. */
class HmapWalkTest {
  private final List<String> visits = new ArrayList<>();

  private void walk(SmallMap map) {
    HmapWalk.run(
        map.map,
        new HmapWalk.Visitor() {
          @Override
          public void entry(HmapWalk at) {
            visits.add("entry of " + place(at));
          }

          @Override
          public void chain(HmapWalk at) {
            visits.add("chain of " + at.buckets() + " at " + place(at));
          }
        });
  }

  private static String place(HmapWalk at) {
    return (at.isOld() ? "old " : "new ") + at.root();
  }

  @Test
  void theEntriesOfAChainComeBeforeTheChain() {
    SmallMap map = SmallMap.ofLongs(1);
    map.put(keyOf(1, 1), 1);
    walk(map);
    assertThat(visits)
        .containsExactly("chain of 1 at new 0", "entry of new 1", "chain of 1 at new 1");
  }

  @Test
  void overflowBucketsBelongToTheirChain() {
    SmallMap map = SmallMap.ofLongs(1);
    map.putAll(keysOf(0, 1, 9));
    walk(map);
    assertThat(visits).hasSize(9 + 2).contains("chain of 2 at new 0");
  }

  @Test
  void whileTheMapGrowsWhatIsNotEvacuatedComesFirst() {
    SmallMap map = SmallMap.ofLongs(2);
    map.beginDoubling();
    map.put(keyOf(1, 3), 1); // evacuates root 1, and root 0 at the mark
    walk(map);
    assertThat(visits)
        .containsExactly(
            "chain of 1 at old 2",
            "chain of 1 at old 3",
            "chain of 1 at new 0",
            "entry of new 1",
            "chain of 1 at new 1",
            "chain of 1 at new 4",
            "chain of 1 at new 5");
  }

  @Test
  void anEntryIsShownWithItsKeyAndTheLengthOfItsValue() {
    SmallMap map = SmallMap.ofTexts();
    map.put("key", "value");
    HmapWalk.run(
        map.map,
        new HmapWalk.Visitor() {
          @Override
          public void entry(HmapWalk at) {
            visits.add(new String(at.key(), StandardCharsets.UTF_8) + " " + at.valueLength());
          }

          @Override
          public void chain(HmapWalk at) {}
        });
    assertThat(visits).containsExactly("key 5");
  }
}
