package dev.hmap.snippets;

import dev.hmap.Codec;
import dev.hmap.HMap;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Of {@link HMap}. */
final class MapSnippets {
  private MapSnippets() {}

  // @start region="open"
  record Page(String title, long visits) {}

  static void countVisit(Path path) {
    try (HMap<String, Page> pages = HMap.open(path, Codec.STRING, Codec.record(Page.class))) {
      pages.merge("/", new Page("Home", 1), (old, one) -> new Page(old.title(), old.visits() + 1));
      System.out.println(pages.get("/"));
    } // closed: the data file stands alone
  }

  // @end

  static void write(HMap<String, Long> stock) {
    // @start region="write"
    stock.put("apples", 3L); // returns when it is on disk
    stock.putIfAbsent("pears", 5L);
    stock.replace("apples", 3L, 2L); // only if there are 3
    stock.merge("pears", 1L, Long::sum); // two threads that do so add 2
    stock.remove("plums");
    // @end
  }

  static long read(HMap<String, Long> stock) {
    // @start region="read"
    Long apples = stock.get("apples"); // null if there are none
    long pears = stock.getOrDefault("pears", 0L);
    Map<String, Long> both = stock.getAll(List.of("apples", "pears"));
    // @end
    return both.size() == 2 && apples != null ? apples + pears : -1;
  }

  static long iterate(HMap<String, Long> stock) {
    // @start region="iterate"
    for (Map.Entry<String, Long> entry : stock.entrySet()) {
      System.out.println(entry.getKey() + ": " + entry.getValue());
    }
    long sum = stock.values().parallelStream().mapToLong(Long::longValue).sum();
    // @end
    return sum;
  }

  static void batch(HMap<String, Long> accounts) {
    // @start region="batch"
    accounts.write(batch -> {
      batch.put("alice", batch.get("alice") - 10); // sees what the batch did before
      batch.put("bob", batch.get("bob") + 10);
    }); // after a crash there are both or neither
    // @end
  }

  // @start region="mark"
  /** Reads on after the last line that was counted, each exactly once, also across crashes. */
  static void count(HMap<String, Long> words, String[] input) {
    byte[] mark = words.mark();
    int from = mark.length == 0 ? 0 : Codec.INT.decode(mark, 0, mark.length);
    for (int i = from; i < input.length; i++) {
      int next = i + 1;
      String word = input[i];
      words.write(batch -> {
        Long before = batch.get(word);
        batch.put(word, before == null ? 1 : before + 1);
        batch.mark(Codec.INT.encode(next));
      });
    }
  }

  // @end

  static void async(HMap<Long, String> log) {
    // @start region="async"
    CompletableFuture<?> last = CompletableFuture.completedFuture(null);
    for (long i = 0; i < 10_000; i++) {
      last = log.putAsync(i, "line " + i); // waits only while a thousand are on their way
    }
    last.join(); // one thread's writes are made in its order: all are on disk
    // @end
  }

  static void backup(HMap<String, Long> stock, Path copy) {
    // @start region="backup"
    stock.backupTo(copy); // while others write
    try (HMap<String, Long> then = HMap.open(copy, Codec.STRING, Codec.LONG)) {
      System.out.println(then.mappingCount() + " entries are safe");
    }
    // @end
  }
}
