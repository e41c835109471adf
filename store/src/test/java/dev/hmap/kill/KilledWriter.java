package dev.hmap.kill;

import dev.hmap.Codec;
import dev.hmap.Durability;
import dev.hmap.HMap;
import dev.hmap.HMapAdmin;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The process that is killed. It applies the operations of a seed, one store to a thread, and
 * writes the number of the store and of each operation that was acknowledged, 12 bytes, to its
 * standard output. Or it compacts one store again and again, and writes the number of times.
 */
final class KilledWriter {
  private static final int KEYS = 4_000;
  static final int RECORD_BYTES = Integer.BYTES + Long.BYTES;

  /** Fails, as the stream of the system does not, when nobody reads it any more. */
  private static final OutputStream OUT = new FileOutputStream(FileDescriptor.out);

  private KilledWriter() {}

  /** Arguments: seed, durability or COMPACT, whether to interrupt, then path and number. */
  public static void main(String[] args) throws InterruptedException {
    long seed = Long.parseLong(args[0]);
    if (args[1].equals("COMPACT")) {
      compact(Path.of(args[3]));
      return;
    }
    Durability durability = Durability.valueOf(args[1]);
    List<Thread> writers = new ArrayList<>();
    for (int i = 3; i < args.length; i += 2) {
      int store = (i - 3) / 2;
      Path path = Path.of(args[i]);
      long next = Long.parseLong(args[i + 1]);
      writers.add(
          Thread.ofPlatform().start(() -> write(path, durability, seed + store, store, next)));
    }
    if (Boolean.parseBoolean(args[2])) {
      rainInterrupts(writers);
    }
    for (Thread writer : writers) {
      writer.join();
    }
  }

  private static void write(Path path, Durability durability, long seed, int store, long next) {
    try (HMap<String, String> map = open(path, durability)) {
      for (long i = next; ; i++) {
        apply(map, seed, i);
        var _ = Thread.interrupted();
        acknowledge(store, i);
      }
    } catch (RuntimeException | Error e) {
      e.printStackTrace();
      System.exit(1);
    }
  }

  private static void compact(Path path) {
    for (long i = 0; ; i++) {
      acknowledge(0, i);
      var _ = HMapAdmin.compact(path, n -> {});
    }
  }

  private static void acknowledge(int store, long i) {
    try {
      synchronized (OUT) {
        OUT.write(ByteBuffer.allocate(RECORD_BYTES).putInt(store).putLong(i).array());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void rainInterrupts(List<Thread> writers) {
    Random random = new Random(1);
    while (writers.stream().anyMatch(Thread::isAlive)) {
      writers.get(random.nextInt(writers.size())).interrupt();
      for (int i = random.nextInt(2_000); i > 0; i--) {
        Thread.onSpinWait();
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
    int kind = random.nextInt(10_000);
    if (kind == 0) {
      map.clear();
    } else if (kind < 200 && map instanceof HMap<String, String> store) {
      store.write(batch -> {
        for (int j = 0; j < 20; j++) {
          batch.put(key + "/" + j, value(random, i));
        }
      });
    } else if (kind < 200) {
      for (int j = 0; j < 20; j++) {
        map.put(key + "/" + j, value(random, i));
      }
    } else if (kind < 2_500) {
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
