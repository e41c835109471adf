package dev.hmap.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is stored to a mapping is found, in whatever order its bytes come. */
class SharedMappingTest {
  private static final long POSITION = 1000;

  private final SharedMapping mapping =
      new SharedMapping(1, POSITION, new byte[20_000], Arena.global());
  private final List<String> found = new ArrayList<>();
  private final byte[] file = new byte[20_000];

  private void store(int... at) {
    for (int i : at) {
      mapping.bytes().set(ValueLayout.JAVA_BYTE, i, (byte) 1);
    }
  }

  private void find() {
    mapping.find((bytes, position) -> {
      found.add("%d from %d".formatted(bytes.length, position));
      System.arraycopy(bytes, 0, file, (int) (position - POSITION), bytes.length);
    });
    byte[] stored = mapping.bytes().toArray(ValueLayout.JAVA_BYTE);
    assertThat(Arrays.equals(file, stored)).isTrue();
  }

  @Test
  void storesSinceTheLastLookAreOneWrite() {
    store(10, 11, 12, 5000);
    find();
    find();
    store(5001);
    find();
    assertThat(found).containsExactly("4991 from 1010", "1 from 6001");
  }

  @Test
  void theMiddleOfAStoreMayComeAfterItsEnd() {
    store(10, 12);
    find();
    store(11, 13);
    find();
    store(4000, 9000, 14_000);
    find();
    store(4001, 15_000);
    find();
  }

  @Test
  void storesGoOnBehindAWrite() {
    store(10);
    find();
    byte[] written = new byte[100];
    Arrays.fill(written, (byte) 1);
    mapping.write(ByteBuffer.wrap(written), POSITION + 300);
    System.arraycopy(written, 0, file, 300, written.length);
    store(400);
    find();
    assertThat(found).containsExactly("1 from 1010", "1 from 1400");
  }
}
