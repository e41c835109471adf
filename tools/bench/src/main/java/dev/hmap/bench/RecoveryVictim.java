package dev.hmap.bench;

import dev.hmap.Durability;
import dev.hmap.HMap;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** The process that {@link RecoveryStage} kills. It writes, says so, and waits. */
final class RecoveryVictim {
  static final int READY = '!';

  private RecoveryVictim() {}

  /**
   * Ends by itself only when nobody is left to kill it.
   *
   * @param args shape, entries, folder
   */
  public static void main(String[] args) throws IOException {
    Place place = new Place(Path.of(args[2]), Long.parseLong(args[1]), false, 0);
    write(Shape.named(args[0]), place);
    try (FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
      out.write(READY);
      System.in.read();
    } finally {
      Runtime.getRuntime().halt(1);
    }
  }

  private static <K, V> void write(Shape<K, V> shape, Place place) {
    HMap<K, V> map = open(place, shape); // not closed: that would be a clean end
    CompletableFuture<?> last = CompletableFuture.completedFuture(null);
    for (long i = 0; i < place.entries(); i++) {
      last = map.putAsync(shape.keyOf(i), shape.valueOf(i));
    }
    last.join();
  }

  /** With room and limits such that no checkpoint begins while it writes. */
  static <K, V> HMap<K, V> open(Place place, Shape<K, V> shape) {
    return HMap.at(place.file(HMapStore.FILE), shape.keys(), shape.values())
        .durability(Durability.ASYNC)
        .expectedEntries(place.entries())
        .maxLog(1L << 40)
        .privateMemory(1L << 40)
        .open();
  }
}
