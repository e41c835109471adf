package dev.hmap.table;

import dev.hmap.checkpoint.DirtyPages;
import dev.hmap.error.StoreFullException;
import dev.hmap.format.Directory;
import dev.hmap.format.EvacuatedUnits;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.Geometry;
import dev.hmap.format.HmapFields;
import dev.hmap.format.LogRecordLayout;
import dev.hmap.format.Operation;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;

/**
 * A map whose file cannot be extended while it does one thing, and in which only this many pages
 * are free: each allocation there is may be the one that fails. Whatever is refused, nothing else
 * may happen: the structure is walked and the entries are compared with a {@link HashMap} after
 * each step, then there is room again, and all goes on; then the map is reopened.
 */
public final class ScarceRoom {
  /** What the map is doing when there is no room. */
  public enum Phase {
    /** It fills, and doubles. */
    GROWTH,
    /** It has begun to double. */
    EVACUATION,
    /** The same, reopened, where nothing was secured yet. */
    REOPENED,
    /** Keys come and go, so that it grows to its own size. */
    PACKING,
    /** Most was removed, and its array is halved. */
    HALVING,
    /** The same while others are put. */
    COMPACTION,
    /** What expires is swept, and left behind by evacuation. */
    SWEEPING,
    /** All is removed, and put again. */
    CLEARING
  }

  private static final long LIFE = 1000;
  private static final int STEPS = 16;

  private final Phase phase;
  private final Geometry geometry;
  private final Random random;
  private final MemoryFile file = new MemoryFile();
  private final Map<Integer, byte[]> model = new HashMap<>();
  private final TreeSet<Integer> keys = new TreeSet<>();
  private final Hmap.Outcome outcome = new Hmap.Outcome();
  private final List<Integer> ballast = new ArrayList<>();
  private Space space;
  private Hmap map;
  private OperationApplier applier;
  private RoomPlan plan;
  private HmapReader reader;
  private Compaction compaction;
  private int directory = ExtentAllocator.NONE;
  private int directoryOrder;
  private int nextKey;
  private int refused;
  private long now = 1_000_000;

  private ScarceRoom(Phase phase, Geometry geometry, long seed) throws IOException {
    this.phase = phase;
    this.geometry = geometry;
    this.random = new Random(seed);
    space = new Space(file, Space.Access.WRITE);
    space.load(List.of());
    take(HmapLoader.create(geometry, space, new DirtyPages(), 0, random.nextLong()));
    checkpoint();
  }

  private void take(Hmap other) {
    map = other;
    map.setTime(() -> Instant.ofEpochMilli(now));
    applier = new OperationApplier(map);
    plan = new RoomPlan(map);
    reader = map.reader();
  }

  /**
   * Has maps do one thing with no page free, with one, and so on, until nothing is refused or all
   * that the file has is free.
   *
   * @throws AssertionError if one is damaged, or refuses what needs no room
   */
  public static void run(Phase phase, boolean hasEntries, long seed) {
    Geometry geometry = geometry(phase, hasEntries);
    int free = 0;
    boolean isScarce = true;
    while (isScarce) {
      try {
        ScarceRoom room = new ScarceRoom(phase, geometry, seed);
        isScarce = room.live(free);
      } catch (IOException | RuntimeException | AssertionError e) {
        throw new AssertionError(
            "%s, entries %b, seed %d, %d pages free: %s"
                .formatted(phase, hasEntries, seed, free, e),
            e);
      }
      free += 1 + free / 6;
    }
  }

  private static Geometry geometry(Phase phase, boolean hasEntries) {
    long life = phase == Phase.SWEEPING ? LIFE : 0;
    return hasEntries
        ? new Geometry(0, 0, "string", "string", life)
        : new Geometry(128, 128, "wide", "wide", life); // a bucket takes a page
  }

  /** Whether anything was refused, and there can be more room. */
  private boolean live(int free) throws IOException {
    prepare();
    check();
    file.setFull(true);
    leave(free);
    boolean hadAll = ballast.isEmpty();
    for (int i = 0; i < STEPS; i++) {
      step();
      if (i % 4 == 0) {
        check();
      }
    }
    check();
    file.setFull(false);
    ballast.forEach(page -> space.free(page, 0));
    ballast.clear();
    int before = refused;
    fill(60);
    removeSome(30);
    compact(Integer.MAX_VALUE);
    check();
    reopen();
    fill(60);
    check();
    if (refused != before) {
      throw new AssertionError("refused, though there was room");
    }
    return refused > 0 && !hadAll;
  }

  /** Takes what is free, but for this many pages here and there, and for what stands secured. */
  private void leave(int pages) throws IOException {
    for (int p = space.allocateBeside(0); p >= 0; p = space.allocateBeside(0)) {
      ballast.add(p);
    }
    if (random.nextBoolean()) {
      Collections.shuffle(ballast, random);
    }
    while (phase != Phase.REOPENED && !ballast.isEmpty() && !isStandingSecured()) {
      space.free(ballast.removeLast(), 0); // each page taken is an extent more for the directory
    }
    for (int i = 0; i < pages && !ballast.isEmpty(); i++) {
      space.free(ballast.removeLast(), 0);
    }
  }

  private boolean isStandingSecured() throws IOException {
    try {
      map.secureEvacuation();
      return true;
    } catch (StoreFullException _) {
      return false;
    }
  }

  // ---------------------------------------------------------------- what it does

  private void prepare() throws IOException {
    switch (phase) {
      case GROWTH -> fill(50 + random.nextInt(500));
      case EVACUATION, REOPENED -> {
        fill(50 + random.nextInt(500));
        while (!map.isGrowing()) {
          fill(1);
        }
        if (phase == Phase.REOPENED) {
          fill(random.nextInt(60));
          reopen();
        }
      }
      case PACKING -> {
        fill(100);
        for (int i = 0; i < 8; i++) {
          removeSome(80);
          fill(80);
        }
      }
      case HALVING, COMPACTION -> {
        fill(200 + random.nextInt(700));
        removeSome(keys.size() * (50 + random.nextInt(45)) / 100);
      }
      case SWEEPING, CLEARING -> fill(100 + random.nextInt(400));
    }
  }

  private void step() throws IOException {
    switch (phase) {
      case GROWTH, EVACUATION, REOPENED -> mixed(10);
      case PACKING -> {
        removeSome(20);
        fill(20);
      }
      case HALVING -> compact(1 + random.nextInt(20));
      case COMPACTION -> {
        compact(1 + random.nextInt(20));
        mixed(5);
      }
      case SWEEPING -> {
        now += LIFE / 10;
        sweep(20);
        mixed(10);
      }
      case CLEARING -> {
        if (random.nextInt(8) == 0) {
          clear();
        }
        mixed(15);
      }
    }
    if (random.nextInt(6) == 0) {
      checkpoint();
    }
    if (random.nextInt(3) == 0) {
      leave(random.nextInt(3)); // as long values would
    }
    overwriteOne();
  }

  private void mixed(int operations) throws IOException {
    fill(operations);
    removeSome(random.nextInt(operations));
    overwriteSome(random.nextInt(operations));
  }

  private void fill(int entries) throws IOException {
    for (int left = entries; left > 0; ) {
      List<byte[]> writes = new ArrayList<>();
      int batch = Math.min(left, random.nextInt(4) == 0 ? 1 + random.nextInt(100) : 1);
      for (int i = 0; i < batch; i++) {
        writes.add(put(nextKey++, anyLength()));
      }
      left -= batch;
      write(random.nextInt(4) == 0 ? List.of(batchOf(writes)) : writes);
    }
  }

  private void removeSome(int entries) throws IOException {
    for (int i = 0; i < entries && !keys.isEmpty(); i++) {
      byte[] key = key(anyKey());
      byte[] time = new byte[geometry.expires() ? Long.BYTES : 0];
      byte[] operation = new byte[Operation.HEADER_BYTES + key.length + time.length];
      Operation.put(operation, 0, Operation.REMOVE, key, time);
      if (geometry.expires()) {
        Operation.setTime(operation, 0, now);
      }
      if (write(List.of(operation)) > 0) {
        throw new AssertionError("a removal was refused");
      }
    }
  }

  private void overwriteSome(int entries) throws IOException {
    for (int i = 0; i < entries && !keys.isEmpty(); i++) {
      write(List.of(put(anyKey(), anyLength())));
    }
  }

  /** In place, which needs no room; unless evacuation leaves the old value behind. */
  private void overwriteOne() throws IOException {
    if (!keys.isEmpty() && phase != Phase.SWEEPING) {
      int key = anyKey();
      if (write(List.of(put(key, model.get(key).length))) > 0) {
        throw new AssertionError("an overwrite in place was refused");
      }
    }
  }

  private void clear() throws IOException {
    byte[] operation = new byte[Operation.HEADER_BYTES + Long.BYTES];
    Operation.put(operation, 0, Operation.CLEAR, new byte[0], new byte[Long.BYTES]);
    if (write(List.of(operation)) > 0) {
      throw new AssertionError("a clear was refused");
    }
  }

  private void sweep(int chains) throws IOException {
    map.advanceHorizon(now);
    for (int i = 0; i < chains; i++) {
      if (!map.isGrowing() || isStandingSecured()) {
        map.sweep(random.nextInt());
      }
    }
  }

  private void compact(int chains) throws IOException {
    try {
      if (compaction == null) {
        compaction = new Compaction(map);
      }
      if (compaction.step(chains)) {
        compaction = null;
      }
    } catch (StoreFullException e) {
      refuse(e);
      if (map.isGrowing()) {
        throw new AssertionError("an evacuation that had begun was refused", e);
      }
      compaction.giveUp();
      compaction = null;
    }
  }

  /** The directory of a checkpoint, and the one before. */
  private void checkpoint() {
    int records = map.extents().size() + ballast.size() + 1;
    int order = space.directoryOrder(Directory.order(records, map.evacuated().bytes(), 0));
    try {
      int page = space.allocateDirectory(order);
      if (directory != ExtentAllocator.NONE) {
        space.freeDirectory(directory, directoryOrder);
      }
      directory = page;
      directoryOrder = order;
    } catch (StoreFullException e) {
      refuse(e);
    }
  }

  private void reopen() throws IOException {
    if (compaction != null) {
      compaction.giveUp();
      compaction = null;
    }
    HmapFields fields = map.fields();
    List<ExtentRecord> extents = map.extents();
    EvacuatedUnits evacuated = map.evacuated();
    space = new Space(file, Space.Access.WRITE);
    space.load(extents);
    directory = ExtentAllocator.NONE;
    take(
        HmapLoader.load(
            geometry,
            space,
            new DirtyPages(),
            fields,
            new Directory(extents, evacuated, new byte[0])));
    map.advanceHorizon(now);
    checkpoint();
  }

  // ---------------------------------------------------------------- writing

  /** Writes as the writer does: together, or each by itself; returns how many were refused. */
  private int write(List<byte[]> operations) throws IOException {
    if (isSecured(operations, false)) {
      operations.forEach(this::apply);
      return 0;
    }
    int before = refused;
    for (byte[] operation : operations) {
      if (isSecured(List.of(operation), true)) {
        apply(operation);
      } else {
        refused++;
      }
    }
    return refused - before;
  }

  private boolean isSecured(List<byte[]> operations, boolean exactly) throws IOException {
    try {
      plan.clear(exactly);
      for (byte[] operation : operations) {
        plan.add(operation, 0);
      }
      plan.secure();
      return true;
    } catch (StoreFullException e) {
      checkUnchanging(e);
      return false;
    }
  }

  private void refuse(StoreFullException e) {
    checkUnchanging(e);
    refused++;
  }

  private void checkUnchanging(StoreFullException e) {
    if (map.isChanging()) {
      throw new AssertionError("a chain was left half changed", e);
    }
  }

  private void apply(byte[] operation) {
    try {
      outcome.reset(false);
      applier.apply(operation, 0, operation.length, outcome);
    } catch (StoreFullException e) {
      throw new AssertionError("full after the log", e);
    }
    follow(operation, 0);
  }

  /** Does to the model what was done. */
  private void follow(byte[] bytes, int at) {
    int end = Operation.end(bytes, at);
    int valueAt = Operation.valueAt(bytes, at);
    int key = number(bytes, Operation.keyAt(at), Operation.keyLength(bytes, at));
    switch (Operation.kind(bytes, at)) {
      case Operation.PUT -> {
        model.put(key, Arrays.copyOfRange(bytes, valueAt, end));
        keys.add(key);
      }
      case Operation.REMOVE -> {
        model.remove(key);
        keys.remove(key);
      }
      case Operation.CLEAR -> {
        model.clear();
        keys.clear();
      }
      default -> {
        for (int part = valueAt; part < end; part = Operation.nextPart(bytes, at, part)) {
          follow(bytes, part);
        }
      }
    }
  }

  private byte[] put(int key, int length) {
    byte[] k = key(key);
    byte[] v = new byte[length];
    Arrays.fill(v, (byte) random.nextInt());
    byte[] operation = new byte[Operation.HEADER_BYTES + k.length + v.length];
    Operation.put(operation, 0, Operation.PUT, k, v);
    if (geometry.expires()) {
      Operation.setTime(operation, 0, now);
    }
    return operation;
  }

  private static byte[] batchOf(List<byte[]> operations) {
    int length = 0;
    for (byte[] operation : operations) {
      length += LogRecordLayout.padded(operation.length);
    }
    byte[] batch = new byte[Operation.HEADER_BYTES + length];
    Operation.putHeader(batch, 0, Operation.BATCH, 0, length);
    int at = Operation.HEADER_BYTES;
    for (byte[] operation : operations) {
      System.arraycopy(operation, 0, batch, at, operation.length);
      at += LogRecordLayout.padded(operation.length);
    }
    return batch;
  }

  private int anyKey() {
    Integer key = keys.ceiling(random.nextInt(nextKey));
    return key == null ? keys.first() : key;
  }

  private int anyLength() {
    if (geometry.valueWidth() > 0) {
      return geometry.valueWidth();
    }
    return geometry.stampBytes()
        + switch (random.nextInt(200)) {
          case 0 -> 140_000 + random.nextInt(20_000);
          case 1, 2 -> random.nextInt(9_000);
          default -> random.nextInt(90);
        };
  }

  private byte[] key(int number) {
    byte[] key = new byte[geometry.keyWidth() == 0 ? 4 + number % 20 : geometry.keyWidth()];
    for (int i = 0; i < Integer.BYTES; i++) {
      key[i] = (byte) (number >>> 8 * i);
    }
    return key;
  }

  private static int number(byte[] bytes, int at, int length) {
    int number = 0;
    for (int i = Math.min(Integer.BYTES, length) - 1; i >= 0; i--) {
      number = number << 8 | bytes[at + i] & 0xFF;
    }
    return number;
  }

  // ---------------------------------------------------------------- comparing

  private void check() {
    List<String> findings = HmapCheck.check(map);
    if (!findings.isEmpty()) {
      throw new AssertionError(String.join("; ", findings));
    }
    if (geometry.expires()) {
      model.values().removeIf(v -> geometry.isExpired(stamp(v), now));
      keys.retainAll(model.keySet());
    } else if (map.count() != model.size()) {
      throw new AssertionError("%,d entries for %,d".formatted(map.count(), model.size()));
    }
    for (int key = 0; key < nextKey; key++) {
      ValueCopy copy = new ValueCopy();
      byte[] found = reader.get(new KeyBytes(key(key)), copy) ? copy.bytes() : null;
      byte[] expected = model.get(key);
      if (expected != null && geometry.expires()) {
        expected = Arrays.copyOfRange(expected, geometry.stampBytes(), expected.length);
      }
      if (!Arrays.equals(found, expected)) {
        throw new AssertionError("key %,d differs".formatted(key));
      }
    }
  }

  private static long stamp(byte[] value) {
    long stamp = 0;
    for (int i = Long.BYTES - 1; i >= 0; i--) {
      stamp = stamp << 8 | value[i] & 0xFF;
    }
    return stamp;
  }
}
