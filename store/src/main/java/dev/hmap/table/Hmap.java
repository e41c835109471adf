package dev.hmap.table;

import dev.hmap.error.StoreFullException;
import dev.hmap.format.EvacuatedUnits;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.HmapFields;
import dev.hmap.format.KeyHasher;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Go's runtime map on mapped pages: the part that writes.
 *
 * <h2>The structure</h2>
 *
 * The map is an array of 2^B root buckets of eight slots each. The low B bits of a key's hash
 * choose the root; the top eight bits, the <i>tophash</i>, are kept in the bucket so that most
 * wrong slots are passed by without a look at their keys. A full bucket is followed by overflow
 * buckets: a chain. When the map holds more than 6.5 entries a root, it doubles; when it has
 * collected as many overflow buckets as roots without being that full, it grows to the same size,
 * which packs the chains.
 *
 * <h2>Growing without a pause</h2>
 *
 * Growing only allocates the new array; nothing is copied. From then on each write first evacuates
 * the chain its key belongs to, and then the one at {@code nevacuate}: never more than two chains.
 * A chain of root i splits over roots i (x) and i + 2^oldB (y) of the new array. Because a chain is
 * evacuated as a whole, a key is either in the old array, if its root is not among the {@link
 * EvacuationMarks}, or in the new one. The old array's extents are freed from the front as {@code
 * nevacuate} passes them. {@link Compaction} also goes the other way, which Go does not: two chains
 * of the old array, evacuated together, become one of an array of half the size. All of this state
 * lies in the file, so a growth that was under way when the process died goes on where the log
 * ends.
 *
 * <h2>One writer, any readers</h2>
 *
 * Each root bucket carries a version. The writer makes it odd before it changes anything in the
 * chain, and even again after ({@link ChainSeqlock}). A {@link HmapReader} reads the version, then
 * the chain, then the version again; if the version moved it begins again. An evacuation writes the
 * new chains, which no reader can reach yet, before it marks the old one. Memory that a chain no
 * longer refers to (a freed entry) may be used again at once: whoever still reads it will find the
 * version of its root changed. For a whole array that is freed the version itself may be
 * overwritten; there, readers compare the {@link Table} they began with to the current one, and the
 * writer publishes a new table before it lets the memory go.
 *
 * <h2>The parts</h2>
 *
 * This class decides what each operation does; {@link HmapState} holds what readers see. {@link
 * ChainWriter} finds a key's slot and changes it; {@link Slots} knows what is in one; {@link
 * ChainUpkeep} removes what has expired, and moves entries for compaction. {@link Growth} says when
 * the map grows and into which arrays, {@link Evacuation} moves the chains, and {@link EntryStore}
 * has the entries that do not lie in buckets. {@link HmapLoader} makes the map that a header
 * describes.
 *
 * <p>Source: {@code runtime/map.go} of Go 1.23 for the structure, its names and constants.
 */
public final class Hmap {
  /**
   * What an operation found and did. Written by the writer, then read by the caller it belongs to.
   */
  public static final class Outcome {
    /** Whether the caller wants the value that was there before. */
    public boolean wantsPrevious;

    /** Whether the key was there before. */
    public boolean wasPresent;

    /** Whether the map changed. */
    public boolean changed;

    /** The value that was there before, if wanted and present. */
    public @Nullable ValueCopy previous;

    /** Forgets the last operation. */
    public void reset(boolean wants) {
      wantsPrevious = wants;
      wasPresent = false;
      changed = false;
      previous = null;
    }
  }

  /** Counts for the statistics. Written by the writer, read by anyone, slightly late. */
  public static final class Counters {
    /** Chains evacuated since opening. */
    public final AtomicLong evacuatedChains = new AtomicLong();

    /** The most chains that one operation evacuated. */
    public final AtomicInteger maxChainsPerWrite = new AtomicInteger();

    /** Growths begun since opening, of either kind. */
    public final AtomicLong growths = new AtomicLong();

    /** Growths to the same size begun since opening. */
    public final AtomicLong sameSizeGrowths = new AtomicLong();

    /** Entries removed since opening because they had expired. */
    public final AtomicLong expired = new AtomicLong();
  }

  private static final VarHandle STAMP =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  final HmapState state;
  final Growth growth;
  final ChainWriter chain;
  final ChainUpkeep upkeep;
  private final Evacuation evacuation;
  private volatile byte[] mark = {};

  /** The seed. Writer thread only. */
  private long hash0;

  Hmap(HmapState state, long hash0) {
    this.state = state;
    this.hash0 = hash0;
    this.growth = new Growth(state);
    this.evacuation = new Evacuation(state, growth);
    this.chain = new ChainWriter(state, growth, evacuation);
    this.upkeep = new ChainUpkeep(state, growth, chain);
  }

  /** A reader of this map, which shows values without their stamps. */
  public HmapReader reader() {
    return new HmapReader(state, state.geometry.stampBytes());
  }

  /** A reader that shows values as they lie, with their stamps. */
  public HmapReader stampReader() {
    return new HmapReader(state, 0);
  }

  /** Live entries. Any thread. */
  public long count() {
    return state.count();
  }

  /** {@link ChainSeqlock#setBroken}. Any thread. */
  public void setBroken(Throwable cause) {
    state.seqlock.setBroken(cause);
  }

  /** Counts since opening. Any thread. */
  public Counters counters() {
    return state.counters;
  }

  /** The state for a header slot, without {@link HmapFields#FLAG_HASH_WRITING}. */
  public HmapFields fields() {
    return growth.fields(hash0);
  }

  /** The user's mark, empty if none was ever set. Any thread; not to be changed. */
  public byte[] mark() {
    return mark;
  }

  /** Sets the user's mark. Writer thread only. */
  void setMark(byte[] to) {
    mark = to;
  }

  /** Sets the listener of growths. Writer thread only. */
  public void onGrowth(GrowthListener listener) {
    growth.onGrowth(listener);
  }

  /**
   * Secures the rest of an evacuation, which is postponed otherwise. Writer thread only.
   *
   * @throws StoreFullException if there is no room for it
   */
  public void secureEvacuation() throws IOException {
    state.space.tryGrowing();
    if (!growth.secureStanding()) {
      throw new StoreFullException("there is no room to evacuate into");
    }
  }

  /** Gives back what the last operation left empty. Writer thread only. */
  public void settle() {
    state.entries.settle();
  }

  /** Whether a chain is half changed: what fails then fails the store. Writer thread only. */
  public boolean isChanging() {
    return state.seqlock.isChanging();
  }

  /** {@link Growth#trim}. Writer thread only. */
  public void trim() throws IOException {
    growth.secureStanding();
    growth.trim();
  }

  /** Which units of the old array are evacuated, for a directory. */
  public EvacuatedUnits evacuated() {
    EvacuationMarks marks = state.table.marks;
    return marks == null ? EvacuatedUnits.NONE : marks.from(growth.nevacuate());
  }

  /** The extents in use, those of an array in the order of their buckets. */
  public List<ExtentRecord> extents() {
    List<ExtentRecord> all = new ArrayList<>();
    Table t = state.table;
    t.buckets.records(all);
    if (t.old != null) {
      t.old.records(all);
    }
    state.entries.records(all);
    return all;
  }

  // ---------------------------------------------------------------- operations

  /** Go's {@code mapassign}, under a condition. */
  public enum Condition {
    /** Whatever is there. */
    ALWAYS,
    /** Only if the key is absent. */
    ABSENT,
    /** Only if the key is present. */
    PRESENT,
    /** Only if the key is present with the expected value. */
    EQUAL
  }

  /**
   * Associates a value with a key.
   *
   * @param k the key's bytes, {@code keyLength} of them from {@code keyAt}
   * @param v the value's bytes, {@code valueLength} of them from {@code valueAt}; where entries
   *     expire, they begin with the time at which this takes place
   * @param condition when to do so
   * @param expected for {@link Condition#EQUAL}: where in {@code v} the expected value lies
   * @param expectedLength its length
   * @param outcome set to what happened
   */
  public void put(
      byte[] k,
      int keyAt,
      int keyLength,
      byte[] v,
      int valueAt,
      int valueLength,
      Condition condition,
      int expected,
      int expectedLength,
      Outcome outcome) {
    long time = state.geometry.expires() ? (long) STAMP.get(v, valueAt) : 0;
    long hash = chain.setKey(k, keyAt, keyLength);
    boolean found = chain.locate(hash);
    boolean present = found && !chain.isExpired(time);
    outcome.wasPresent = present;
    if (present && outcome.wantsPrevious) {
      outcome.previous = chain.copyValue();
    }
    boolean apply =
        switch (condition) {
          case ALWAYS -> true;
          case ABSENT -> !present;
          case PRESENT -> present;
          case EQUAL -> present && chain.valueMatches(v, expected, expectedLength);
        };
    if (!apply) {
      return;
    }
    outcome.changed = true;
    if (found) {
      chain.update(hash, v, valueAt, valueLength);
      return;
    }
    if (growth.beginIfDue(state.count() + 1)) {
      chain.locate(hash);
    }
    chain.insert(hash, v, valueAt, valueLength);
  }

  /**
   * Removes a key, Go's {@code mapdelete}.
   *
   * @param k the key's bytes, {@code keyLength} of them from {@code keyAt}
   * @param v where the expected value lies, if one is expected
   * @param expected where in {@code v}, or -1 to remove whatever the value is
   * @param expectedLength its length
   * @param time at which this takes place, in milliseconds since 1970; 0 if entries do not expire
   * @param outcome set to what happened
   */
  public void remove(
      byte[] k,
      int keyAt,
      int keyLength,
      byte[] v,
      int expected,
      int expectedLength,
      long time,
      Outcome outcome) {
    long hash = chain.setKey(k, keyAt, keyLength);
    boolean found = chain.locate(hash);
    boolean present = found && !chain.isExpired(time);
    outcome.wasPresent = present;
    if (!present) {
      if (found && expected < 0) {
        chain.delete(); // lest the clock go back, and what was removed be there again
        state.countExpired(1);
      }
      return;
    }
    if (outcome.wantsPrevious) {
      outcome.previous = chain.copyValue();
    }
    if (expected < 0 || chain.valueMatches(v, expected, expectedLength)) {
      outcome.changed = true;
      chain.delete();
    }
  }

  /**
   * Removes all entries: frees every extent and starts over with one bucket, Go's {@code mapclear}
   * but for the size.
   *
   * @param newHash0 the seed from now on
   */
  public void clear(long newHash0) {
    growth.clear(new KeyHasher(newHash0));
    hash0 = newHash0;
    state.setCount(0);
    state.entries.clear();
  }

  // ---------------------------------------------------------------- expiry

  /**
   * The horizon of a map whose entries expire: what has expired at this time is gone, whether its
   * bytes are still there or not, and no operation takes place before it. So it makes no difference
   * when an evacuation or a sweep happens. Milliseconds since 1970. Any thread.
   */
  public long horizon() {
    return state.horizon();
  }

  /** Moves the horizon on, as the log says. Writer thread only. */
  public void advanceHorizon(long millis) {
    state.advanceHorizon(millis);
  }

  /** Where readers have the time from. */
  public InstantSource time() {
    return state.time();
  }

  /** Has the time taken from elsewhere. Before there are readers. */
  public void setTime(InstantSource source) {
    state.setTime(source);
  }

  /**
   * What time readers take it to be: not before the horizon. Milliseconds since 1970. Any thread.
   */
  public long now() {
    return state.now();
  }

  /**
   * Removes what has expired at the horizon from one chain, or while the map grows evacuates one,
   * which does the same. Not logged: such entries are gone whether they are removed or not.
   *
   * @param bucket a number; its low bits choose the root
   * @return the oldest stamp that was left, {@link Long#MAX_VALUE} if none was seen
   */
  public long sweep(int bucket) {
    if (isGrowing()) {
      evacuateNext();
      return Long.MAX_VALUE;
    }
    return upkeep.sweep(bucket);
  }

  /** While the map grows or shrinks: evacuates at the mark, at most two chains. Not logged. */
  void evacuateNext() {
    evacuation.growWork(growth.nevacuate());
  }

  /** Where an array would lie: the first pages of its extents, each of 2^extentOrder pages. */
  public record NextArray(List<Integer> pages, int extentOrder) {}

  /** {@link Growth#insertsUntilDoubling}. Writer thread only. */
  public long insertsUntilDoubling() {
    return growth.insertsUntilDoubling();
  }

  /** Pages of {@link #nextArray}, about. Writer thread only. */
  public long pagesOfNextArray() {
    return growth.pagesOfNextArray();
  }

  /** {@link Growth#nextArray}. Writer thread only. */
  public NextArray nextArray() {
    return growth.nextArray();
  }

  /** Roots of the current array. Writer thread only. */
  public int roots() {
    return state.table.buckets.roots();
  }

  /** Whether old and new array exist side by side. Any thread. */
  public boolean isGrowing() {
    return state.table.old != null;
  }
}
