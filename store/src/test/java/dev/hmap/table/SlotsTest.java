package dev.hmap.table;

import static dev.hmap.table.SmallMap.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.BucketLayout;
import org.junit.jupiter.api.Test;

/** Key and value of a slot, whether they stand in the bucket or in the entry it refers to. */
class SlotsTest {
  private final SmallMap texts = SmallMap.ofTexts();
  private final Slots slots = texts.map.state.slots;

  @Test
  void aKeyThatIsAnEntryIsComparedOnlyIfTheBitsOfItsHashAreThoseOfTheReference() {
    texts.put("key", "value");
    KeyBytes key = new KeyBytes(bytes("key"));
    Cursor root = texts.bucket(0);
    long hash = texts.place("key").hash();
    assertThat(slots.keyMatches(key, root, 0, hash)).isTrue();
    assertThat(slots.keyMatches(key, root, 0, hash ^ 1L << 8)).isFalse();
    assertThat(slots.keyMatches(key, root, 0, hash ^ 1L << 31)).isFalse();
    assertThat(slots.keyMatches(key, root, 0, hash ^ 1L << 32)).isTrue();
    assertThat(slots.keyMatches(new KeyBytes(bytes("kez")), root, 0, hash)).isFalse();
  }

  @Test
  void aValueIsTheExpectedOneIfAllItsBytesAre() {
    texts.put("key", "value");
    Cursor root = texts.bucket(0);
    assertThat(slots.copyValue(root, 0).bytes()).isEqualTo(bytes("value"));
    assertThat(slots.valueMatches(root, 0, bytes("a value"), 2, 5)).isTrue();
    assertThat(slots.valueMatches(root, 0, bytes("a value"), 2, 4)).isFalse();
    assertThat(slots.valueMatches(root, 0, bytes("vague"), 0, 5)).isFalse();
  }

  @Test
  void anEntryExpiresWhenItIsAsOldAsTheTimeToLive() {
    SmallMap map = new SmallMap(SmallMap.EXPIRING, 8); // 1,000 ms
    map.putAt(5_000, 1);
    Slots expiring = map.map.state.slots;
    Cursor root = map.bucket(0);
    assertThat(expiring.stamp(root, 0)).isEqualTo(5_000);
    assertThat(expiring.isExpired(root, 0, 5_999)).isFalse();
    assertThat(expiring.isExpired(root, 0, 6_000)).isTrue();
    assertThat(expiring.valueMatches(root, 0, bytes(1L), 0, 8)).as("without the stamp").isTrue();
  }

  @Test
  void aReferenceThatLeadsToNoEntryIsDamage() {
    texts.put("key", "value");
    Cursor root = texts.bucket(0);
    int at = root.offset + new BucketLayout(SmallMap.TEXTS).reference(0);
    root.memory.putLong(at, root.memory.getLong(at) + 1);
    assertThatThrownBy(() -> slots.copyValue(root, 0)).isInstanceOf(StoreCorruptException.class);
  }
}
