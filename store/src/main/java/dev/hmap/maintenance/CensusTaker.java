package dev.hmap.maintenance;

import dev.hmap.format.HmapFields;
import dev.hmap.report.Census;
import dev.hmap.table.Hmap;
import dev.hmap.table.HmapWalk;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Counts what {@link HmapWalk} visits. */
final class CensusTaker implements HmapWalk.Visitor {
  private static final int MAX_CELLS_SHIFT = 12;
  private static final int BIGGEST = 10;

  private final Tally old;
  private final Tally current;
  private final long[] sizes = new long[Integer.SIZE];
  private final PriorityQueue<Census.Entry> biggest =
      new PriorityQueue<>(Comparator.comparingInt(Census.Entry::bytes));
  private long keyBytes;
  private long valueBytes;

  private CensusTaker(HmapFields fields) {
    old = new Tally(fields.oldbuckets().exists() ? fields.oldbuckets().b() : 0);
    current = new Tally(fields.b());
  }

  /** Of a map that nobody changes meanwhile. */
  static Census of(Hmap map) {
    CensusTaker taker = new CensusTaker(map.fields());
    HmapWalk.run(map, taker);
    return taker.census();
  }

  /** Of no entries. */
  static Census none(Hmap map) {
    return new CensusTaker(map.fields()).census();
  }

  @Override
  public void entry(HmapWalk at) {
    (at.isOld() ? old : current).entry(at);
    int key = at.keyLength();
    int value = at.valueLength();
    keyBytes += key;
    valueBytes += value;
    sizes[Integer.SIZE - Integer.numberOfLeadingZeros(key + value)]++;
    Census.Entry least = biggest.peek();
    if (biggest.size() < BIGGEST || least != null && key + value > least.bytes()) {
      if (biggest.size() == BIGGEST) {
        var _ = biggest.poll();
      }
      biggest.add(new Census.Entry(at.key(), value));
    }
  }

  @Override
  public void chain(HmapWalk at) {
    (at.isOld() ? old : current).chain(at);
  }

  private Census census() {
    List<Census.Entry> longestFirst =
        biggest.stream().sorted(Comparator.comparingInt(Census.Entry::bytes).reversed()).toList();
    return new Census(old.chains(), current.chains(), keyBytes, valueBytes, sizes, longestFirst);
  }

  /** Of one array. */
  private static final class Tally {
    final int b;
    final int cellShift;
    final long[] cellChains;
    final long[] cellEntries;
    long[] lengths = new long[4];
    long chains;
    long entries;
    long overflowEntries;

    Tally(int b) {
      this.b = b;
      cellShift = Math.max(0, b - MAX_CELLS_SHIFT);
      cellChains = new long[1 << b - cellShift];
      cellEntries = new long[cellChains.length];
    }

    void entry(HmapWalk at) {
      entries++;
      cellEntries[at.root() >>> cellShift]++;
      if (at.buckets() > 1) {
        overflowEntries++;
      }
    }

    void chain(HmapWalk at) {
      chains++;
      cellChains[at.root() >>> cellShift]++;
      int length = at.buckets();
      if (length >= lengths.length) {
        lengths = Arrays.copyOf(lengths, length + 4);
      }
      lengths[length]++;
    }

    Census.Chains chains() {
      return new Census.Chains(
          b, chains, entries, overflowEntries, lengths, cellChains, cellEntries);
    }
  }
}
