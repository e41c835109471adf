package dev.hmap.cli.demo;

import dev.hmap.Codec;
import dev.hmap.Durability;
import dev.hmap.HMap;
import dev.hmap.HMapStats;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The process that the demo kills. It writes the classes with {@code ASYNC}, then the longs with
 * {@code SYNC}, and reports what is acknowledged. In the last doubling it goes one entry at a time,
 * and stops short of the end, so that the kill always falls into the evacuation.
 */
final class DemoWriter {
  private static final int CLASSES_AT_ONCE = 500;
  private static final int LONGS_AT_ONCE = 1000;
  private static final int LONGS_AT_ONCE_NEAR_DOUBLING = 100;

  private final OutputStream reports = new FileOutputStream(FileDescriptor.out);

  private DemoWriter() {}

  /**
   * Writes until it is killed.
   *
   * @param args the folder, how many classes at most, how many longs
   */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    DemoWriter writer = new DemoWriter();
    try (HMap<String, byte[]> classes =
            HMap.at(folder.resolve(DemoData.CLASSES_FILE), Codec.STRING, Codec.BYTES)
                .durability(Durability.ASYNC)
                .create();
        HMap<Long, Long> longs =
            HMap.at(folder.resolve(DemoData.LONGS_FILE), Codec.LONG, Codec.LONG).create()) {
      writer.writeClasses(classes, DemoData.classNames(Integer.parseInt(args[1])));
      writer.writeLongs(longs, Long.parseLong(args[2]));
    }
  }

  private void writeClasses(HMap<String, byte[]> map, List<String> names) throws IOException {
    List<CompletableFuture<?>> pending = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      pending.add(map.putAsync(names.get(i), DemoData.classBytes(names.get(i))));
      if (pending.size() == CLASSES_AT_ONCE || i == names.size() - 1) {
        pending.forEach(CompletableFuture::join);
        pending.clear();
        report(DemoProtocol.CLASSES, i + 1);
      }
    }
  }

  private void writeLongs(HMap<Long, Long> map, long most) throws IOException {
    int oldB = DemoData.lastDoubling(most);
    long chains = 1L << oldB;
    long nearDoubling = DemoData.capacity(oldB) - LONGS_AT_ONCE;
    boolean reported = false;
    long written = 0;
    while (written < most) {
      HMapStats stats = map.stats();
      boolean isInLastDoubling = stats.growth().oldbuckets() != 0 && stats.growth().b() == oldB + 1;
      if (isInLastDoubling && !reported && stats.growth().nevacuate() > chains / 4) {
        report(DemoProtocol.EVACUATING, stats.growth().nevacuate());
        reported = true;
      }
      if (isInLastDoubling && stats.growth().nevacuate() > chains * 3 / 4) {
        awaitDeath();
        return;
      }
      int step = written < nearDoubling ? LONGS_AT_ONCE : LONGS_AT_ONCE_NEAR_DOUBLING;
      writeLongs(map, written, Math.min(reported ? 1 : step, most - written));
      written += Math.min(reported ? 1 : step, most - written);
      report(DemoProtocol.LONGS, written);
    }
  }

  private static void writeLongs(HMap<Long, Long> map, long from, long n) {
    map.write(batch -> {
      for (long key = from; key < from + n; key++) {
        batch.put(key, DemoData.valueOf(key));
      }
    });
  }

  /** Returns only if the other process ended without killing this one. */
  private static void awaitDeath() throws IOException {
    if (System.in.read() >= 0) {
      throw new IllegalStateException("nothing is ever said to this process");
    }
  }

  /** In one write, which is whole or not there at all when the kill comes. */
  private void report(String what, long n) throws IOException {
    reports.write((what + " " + n + "\n").getBytes(StandardCharsets.US_ASCII));
  }
}
