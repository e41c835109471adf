package dev.hmap.kill;

import dev.hmap.Codec;
import dev.hmap.Durability;
import dev.hmap.HMap;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

/**
 * The process that is killed: applies the operations of a seed from a given one on, and writes the
 * number of each, 8 bytes, to its standard output once it is acknowledged.
 */
final class KilledWriter {
  private static final int KEYS = 4_000;

  private KilledWriter() {}

  public static void main(String[] args) throws IOException {
    Path path = Path.of(args[0]);
    long seed = Long.parseLong(args[1]);
    Durability durability = Durability.valueOf(args[3]);
    OutputStream acknowledgements = System.out;
    try (HMap<String, String> map = open(path, durability)) {
      for (long i = Long.parseLong(args[2]); ; i++) {
        apply(map, seed, i);
        acknowledgements.write(ByteBuffer.allocate(Long.BYTES).putLong(i).array());
        acknowledgements.flush();
      }
    }
  }

  static HMap<String, String> open(Path path, Durability durability) {
    return HMap.at(path, Codec.STRING, Codec.STRING).durability(durability).maxLog(1 << 20).open();
  }

  /** Operation {@code i} of a seed, on the store or on a model. */
  static void apply(Map<String, String> map, long seed, long i) {
    Random random = new Random(seed * 1_000_003 + i);
    String key = "key" + random.nextInt(KEYS);
    int kind = random.nextInt(1_000);
    if (kind == 0) {
      map.clear();
    } else if (kind < 20 && map instanceof HMap<String, String> store) {
      store.write(batch -> {
        for (int j = 0; j < 20; j++) {
          batch.put(key + "/" + j, value(random, i));
        }
      });
    } else if (kind < 20) {
      for (int j = 0; j < 20; j++) {
        map.put(key + "/" + j, value(random, i));
      }
    } else if (kind < 250) {
      map.remove(key);
    } else {
      map.put(key, value(random, i));
    }
  }

  private static String value(Random random, long i) {
    int length = random.nextInt(50) == 0 ? random.nextInt(20_000) : random.nextInt(200);
    return i + Character.toString('a' + random.nextInt(26)).repeat(length);
  }
}
