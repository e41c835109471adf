package dev.hmap.crash;

import dev.hmap.crash.Disk.Fate;
import dev.hmap.crash.Oracle.Bounds;
import dev.hmap.io.FileSystem;
import dev.hmap.recovery.Recovery;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Runs a workload once, then looks at what a crash at every call of it would have left.
 *
 * <p>Of every image it checks that the store opens as a prefix of what it was given, between what
 * was acknowledged as durable and what was issued. Of samples it also checks that recovering again,
 * and after a crash at any call of the recovery, gives the same, that reading alone gives the same,
 * and that the store can be written on and crash again.
 */
final class Campaign {
  /** How often the parts ran. Shared by all. */
  static final class Counts {
    final AtomicLong images = new AtomicLong();
    final AtomicLong calls = new AtomicLong();
    final AtomicLong exhaustive = new AtomicLong();
    final AtomicLong twice = new AtomicLong();
    final AtomicLong readOnly = new AtomicLong();
    final AtomicLong inRecovery = new AtomicLong();
    final AtomicLong writtenOn = new AtomicLong();
    final AtomicLong processDeaths = new AtomicLong();

    /** No crash is tried after this many images; a campaign under way ends there. */
    private final long most;

    Counts() {
      this(Long.MAX_VALUE);
    }

    Counts(long most) {
      this.most = most;
    }

    boolean areEnough() {
      return images.get() >= most;
    }

    @Override
    public String toString() {
      return ("%,d images of crashes at %,d calls (every subset at %,d of them); of these %,d"
              + " crashed in recovery, %,d after being written on; %,d process deaths; %,d"
              + " recovered twice, %,d read only")
          .formatted(
              images.get(),
              calls.get(),
              exhaustive.get(),
              inRecovery.get(),
              writtenOn.get(),
              processDeaths.get(),
              twice.get(),
              readOnly.get());
    }
  }

  private static final int MAX_DEPTH = 3;
  private static final int EXHAUSTIVE_PIECES = 10;
  private static final int POINTS_FOR_ALL_SUBSETS = 256;
  private static final int MAX_NAMES = 7;

  /** Images at a crash point for each asked for, with those in recovery, before any was tried. */
  private static final double IMAGES_FOR_ONE = 3;

  /** The part that a life after a crash may take of the images that are still wanted. */
  private static final double WRITTEN_ON = 0.1;

  private static final int WRITTEN_ON_PER_CALL = 3;

  private final Workload workload;
  private final long seed;
  private final int imagesPerCall;
  private final UnaryOperator<FileSystem> around;
  private final Counts counts;
  private final Random random;
  private long wanted = Long.MAX_VALUE;
  private long images;

  /** Calls of the run itself at which it crashed. */
  private long crashes;

  /**
   * A campaign over one run.
   *
   * @param imagesPerCall at most, for one crash point; every subset is tried where there are no
   *     more than that
   * @param around puts something around each file system that a store is given
   */
  Campaign(
      Workload workload,
      long seed,
      int imagesPerCall,
      UnaryOperator<FileSystem> around,
      Counts counts) {
    this.workload = workload;
    this.seed = seed;
    this.imagesPerCall = imagesPerCall;
    this.around = around;
    this.counts = counts;
    this.random = new Random(seed);
  }

  /** How many were looked at. */
  long images() {
    return images;
  }

  /** Runs it, with a crash at every call. */
  void run() {
    run(workload.script(seed), Long.MAX_VALUE);
  }

  /**
   * Runs a script, with crashes at this many of its calls that there are about this many images.
   */
  void run(List<Step> script, long wanted) {
    this.wanted = wanted;
    SimulatedFileSystem fileSystem = new SimulatedFileSystem();
    History history = history(fileSystem, new History(workload.shape, List.of()), script);
    crashes(fileSystem, history, new Bounds(false, 0, 0), 0, imagesPerCall, this::shareOfRun);
  }

  /**
   * Crashes at a share of the calls of a run in which a force failed and the store was reopened.
   */
  void runBehindFailedForce(SimulatedFileSystem fileSystem, History history, double share) {
    crashes(fileSystem, history, new Bounds(false, 0, 0), MAX_DEPTH, imagesPerCall, _ -> share);
  }

  /** Which share of the next calls are crash points; all of them if that is 1 or more. */
  private interface Share {
    double of(int callsLeft);
  }

  /** What is still wanted is spread over the calls that are left, at what one has cost so far. */
  private double shareOfRun(int callsLeft) {
    double cost = (IMAGES_FOR_ONE * imagesPerCall + images) / (1 + crashes);
    return left() / (cost * (1 + callsLeft));
  }

  private long left() {
    return Math.max(0, wanted - images);
  }

  private History history(SimulatedFileSystem on, History before, List<Step> script) {
    if (workload.isLogMapped()) {
      on.setLogMapped();
    }
    return runner(workload.shape, on, before).run(script);
  }

  private <K, V> Runner<K, V> runner(Shape<K, V> shape, SimulatedFileSystem on, History before) {
    return new Runner<>(
        shape, workload.durability, workload.syncInterval(seed), around.apply(on), on, before);
  }

  /** Crashes at a share of the calls of a journal, and where one file took another's place. */
  private void crashes(
      SimulatedFileSystem of, History history, Bounds from, int depth, int perCall, Share share) {
    Disk disk = of.start();
    Bounds powerCut = from;
    Bounds death = from;
    List<Change> journal = of.journal();
    boolean hasForceFailed = false;
    for (int at = 0; at <= journal.size() && !counts.areEnough(); at++) {
      boolean isCall = at == 0 || !(journal.get(at - 1) instanceof Change.Mark);
      boolean isWanted =
          random.nextDouble() < share.of(journal.size() - at) || disk.isReplaced() && left() > 0;
      if ((isCall || at == journal.size()) && isWanted) {
        counts.calls.incrementAndGet();
        crashes += depth == 0 ? 1 : 0;
        crash(new Point(disk, history, powerCut, death, at, depth), perCall, hasForceFailed);
      }
      if (at < journal.size()) {
        Change change = journal.get(at);
        disk.follow(change);
        if (change instanceof Change.Mark mark) {
          powerCut = powerCut(powerCut, mark);
          death = death(death, mark);
        } else if (change instanceof Change.FailedForce) {
          hasForceFailed = true;
        } else if (change instanceof Change.Force force && force.isLog() && !hasForceFailed) {
          powerCut =
              new Bounds(
                  powerCut.exists(), Math.max(powerCut.floor(), death.floor()), powerCut.ceiling());
        }
      }
    }
  }

  private static Bounds powerCut(Bounds b, Change.Mark mark) {
    return switch (mark.kind()) {
      case OPENED -> new Bounds(true, b.floor(), b.ceiling());
      case ISSUED -> new Bounds(b.exists(), b.floor(), mark.operations());
      case ACKNOWLEDGED -> b;
      case DURABLE -> new Bounds(true, Math.max(b.floor(), mark.operations()), b.ceiling());
    };
  }

  private static Bounds death(Bounds b, Change.Mark mark) {
    return mark.kind() == Change.Kind.ACKNOWLEDGED
        ? new Bounds(true, Math.max(b.floor(), mark.operations()), b.ceiling())
        : powerCut(b, mark);
  }

  /** A point of a run at which it may crash. */
  private record Point(
      Disk disk, History history, Bounds powerCut, Bounds death, int at, int depth) {}

  private void crash(Point point, int perCall, boolean hasForceFailed) {
    int pieces = point.disk.pending().size();
    if (!hasForceFailed) {
      death(point); // else the disk lacks what the memory still shows
    }
    if (point.disk.isReplaced()) {
      eachOfNames(point);
    }
    if (pieces == 0) {
      check(point, new Fate[0], 0);
    } else if (pieces <= EXHAUSTIVE_PIECES && (1 << pieces <= perCall || isForAllSubsets(point))) {
      counts.exhaustive.incrementAndGet();
      for (int subset = 0; subset < 1 << pieces; subset++) {
        Fate[] fates = new Fate[pieces];
        for (int i = 0; i < pieces; i++) {
          fates[i] = (subset >> i & 1) == 1 ? Fate.KEEP : Fate.DROP;
        }
        check(point, fates, 0);
      }
      int rest = Math.min(perCall - (1 << pieces), 2 * pieces);
      for (int i = 0; i < rest; i++) {
        check(point, torn(pieces), random.nextLong());
      }
    } else {
      for (int i = 0; i < perCall; i++) {
        check(point, i % 2 == 0 ? torn(pieces) : kept(pieces), random.nextLong());
      }
    }
  }

  /** Every subset of the pending names, each with some mixture of the other pieces. */
  private void eachOfNames(Point point) {
    List<Change.Piece> pending = point.disk.pending();
    List<Integer> ofNames =
        IntStream.range(0, pending.size()).filter(i -> pending.get(i).isOfNames()).boxed().toList();
    for (int subset = 0; subset < 1 << Math.min(MAX_NAMES, ofNames.size()); subset++) {
      Fate[] fates = kept(pending.size());
      for (int i = 0; i < ofNames.size(); i++) {
        fates[ofNames.get(i)] = (subset >> i & 1) == 1 ? Fate.KEEP : Fate.DROP;
      }
      check(point, fates, 0);
    }
  }

  /** At some points of the first run, all subsets of up to ten pieces. */
  private boolean isForAllSubsets(Point point) {
    return point.depth == 0 && random.nextInt(POINTS_FOR_ALL_SUBSETS) == 0;
  }

  /** Most pieces have a whole fate, some are torn; the mixture varies from image to image. */
  private Fate[] torn(int pieces) {
    Fate[] fates = kept(pieces);
    int torn = 1 + random.nextInt(3);
    for (int i = 0; i < torn; i++) {
      int piece = random.nextBoolean() ? pieces - 1 : random.nextInt(pieces);
      fates[piece] = random.nextInt(3) == 0 ? Fate.GARBLE : Fate.TEAR;
    }
    return fates;
  }

  private Fate[] kept(int pieces) {
    Fate[] fates = new Fate[pieces];
    int keep = random.nextInt(5);
    for (int i = 0; i < pieces; i++) {
      fates[i] = random.nextInt(4) < keep ? Fate.KEEP : Fate.DROP;
    }
    if (random.nextInt(4) == 0) {
      Arrays.fill(fates, 0, random.nextInt(pieces + 1), Fate.KEEP);
    }
    if (random.nextInt(4) == 0) {
      fates[random.nextInt(pieces)] = Fate.DROP;
    }
    return fates;
  }

  // ---------------------------------------------------------------- one image

  private void check(Point point, Fate[] fates, long tearing) {
    long number = counts.images.incrementAndGet();
    images++;
    Disk image = point.disk.image(fates, tearing);
    try {
      check(point, image, point.powerCut, number);
    } catch (AssertionError e) {
      throw fail(point, fates, tearing, e);
    }
  }

  /** The process dies, and nothing is lost; the next may still lose it to a power cut. */
  private void death(Point point) {
    counts.processDeaths.incrementAndGet();
    long number = counts.images.incrementAndGet();
    images++;
    try {
      check(point, point.disk.fork(), point.death, number);
    } catch (AssertionError e) {
      throw fail(point, keepAll(point), 0, e);
    }
  }

  private static Fate[] keepAll(Point point) {
    Fate[] all = new Fate[point.disk.pending().size()];
    Arrays.fill(all, Fate.KEEP);
    return all;
  }

  private void check(Point point, Disk image, Bounds bounds, long number) {
    History history = point.history;
    if (number % 16 == 5 || point.disk.isReplaced()) {
      counts.readOnly.incrementAndGet();
      readOnly(image, history, bounds);
    }
    SimulatedFileSystem fileSystem = new SimulatedFileSystem(image);
    FileSystem seen = around.apply(fileSystem);
    int prefix = Oracle.check(seen, true, history, bounds, number % 64 == 0);
    Oracle.checkBackups(seen, history, bounds);
    if (prefix != Oracle.NO_STORE) {
      Leftovers.check(fileSystem);
    }
    if (number % 8 == 1) {
      counts.twice.incrementAndGet();
      again(fileSystem, history, bounds.exactly(prefix));
    }
    if (point.depth < MAX_DEPTH
        && prefix != Oracle.NO_STORE
        && isRecoverySample(fileSystem, image, number)) {
      // If the image was what a process left, its un-forced pieces may still be lost, until
      // recovery has returned.
      Bounds after =
          image.pending().isEmpty()
              ? bounds.exactly(prefix)
              : new Bounds(point.powerCut.exists(), point.powerCut.floor(), prefix);
      fileSystem.mark(Change.Kind.DURABLE, prefix);
      long before = images;
      crashes(fileSystem, history, after, MAX_DEPTH, 4, _ -> 1);
      counts.inRecovery.addAndGet(point.depth == 0 ? images - before : 0);
    }
    if (point.depth < MAX_DEPTH && number % 256 == 3 && prefix != Oracle.NO_STORE) {
      long before = images;
      writeOn(point, image, prefix);
      counts.writtenOn.addAndGet(point.depth == 0 ? images - before : 0);
    }
  }

  /** More often where a process died and recovery completed what it was at. */
  private static boolean isRecoverySample(SimulatedFileSystem recovered, Disk image, long number) {
    boolean completed =
        !image.pending().isEmpty() && recovered.journal().stream().anyMatch(Campaign::completes);
    return number % (completed ? 2 : 64) == 0;
  }

  /** A page of a checkpoint is written, or the log goes that a compaction left. */
  private static boolean completes(Change change) {
    return change instanceof Change.Write
        || change instanceof Change.Delete delete && delete.path().equals(Oracle.NAMES.log());
  }

  private static void readOnly(Disk image, History history, Bounds bounds) {
    SimulatedFileSystem fileSystem = new SimulatedFileSystem(image);
    int prefix = Oracle.check(fileSystem, false, history, bounds, false);
    if (!fileSystem.journal().isEmpty()) {
      throw new AssertionError("a read-only opening wrote: " + fileSystem.journal());
    }
    if (Oracle.check(fileSystem, true, history, bounds, false) != prefix) {
      throw new AssertionError("a read-only opening found another state than recovery");
    }
  }

  /** Recovering again gives the same bytes; after a failed force, the same entries. */
  private static void again(SimulatedFileSystem fileSystem, History history, Bounds bounds) {
    FileContent before = fileSystem.content(Oracle.NAMES.data());
    FileContent logBefore = fileSystem.content(Oracle.NAMES.log());
    Oracle.check(fileSystem, true, history, bounds, false);
    boolean isMarked = before != null && isMarked(fileSystem);
    boolean isSame =
        same(before, fileSystem.content(Oracle.NAMES.data()))
            && same(logBefore, fileSystem.content(Oracle.NAMES.log()));
    if (!isMarked && !isSame) {
      throw new AssertionError("recovering twice gave other bytes than recovering once");
    }
  }

  private static boolean isMarked(SimulatedFileSystem fileSystem) {
    long storeId = Recovery.readHeader(fileSystem, Oracle.NAMES).storeIdLow();
    return fileSystem.exists(Oracle.NAMES.failed(storeId));
  }

  private static boolean same(FileContent a, FileContent b) {
    return a == null || b == null ? a == b : a.sameAs(b);
  }

  /**
   * Opens the map on the image, writes some more, and crashes again. Sometimes what it writes is
   * what was lost, as callers do who repeat what was not acknowledged: the same bytes as before.
   */
  private void writeOn(Point point, Disk image, int prefix) {
    List<Step> all = point.history.operations;
    History before = point.history.cut(prefix);
    List<Step> script;
    if (prefix < all.size() && random.nextBoolean()) {
      script = all.subList(prefix, Math.min(all.size(), prefix + 1 + random.nextInt(12)));
    } else {
      Model model = Model.after(before, prefix);
      script = workload.more(random.nextLong(), model, 1_000_000L * (point.depth + 1));
    }
    SimulatedFileSystem fileSystem = new SimulatedFileSystem(image);
    History history = history(fileSystem, before, begun(script));
    Bounds from =
        image.pending().isEmpty()
            ? new Bounds(true, prefix, prefix)
            : new Bounds(point.powerCut.exists(), point.powerCut.floor(), prefix);
    double expected = IMAGES_FOR_ONE * WRITTEN_ON_PER_CALL * fileSystem.journal().size();
    double share = WRITTEN_ON * left() / expected;
    crashes(fileSystem, history, from, point.depth + 1, WRITTEN_ON_PER_CALL, _ -> share);
  }

  /** The script, sometimes after what is done to the store as the crash left it. */
  private List<Step> begun(List<Step> script) {
    List<Step> all = new ArrayList<>();
    if (workload == Workload.READERS && random.nextBoolean()) {
      all.add(Step.of(Step.Kind.READ));
    }
    if (!workload.shape.expires() && random.nextInt(4) == 0) {
      all.add(Step.of(Step.Kind.COMPACT));
    } else if (random.nextInt(4) == 0) {
      all.add(Step.of(Step.Kind.REOPEN)); // closed without a write
    }
    all.addAll(script);
    return all;
  }

  // ---------------------------------------------------------------- failure

  private AssertionError fail(Point point, Fate[] fates, long tearing, AssertionError cause) {
    if (cause instanceof Violation violation) {
      return violation; // of a crash within
    }
    Fate[] fewest = shrink(point, fates, tearing);
    StringBuilder text = new StringBuilder();
    text.append(
        "%s%n  workload %s, seed %d, depth %d, crash after call %d of the journal%n"
            .formatted(cause.getMessage(), workload, seed, point.depth, point.at));
    text.append("  must hold %s%n".formatted(point.powerCut));
    for (int i = 0; i < fewest.length; i++) {
      if (fewest[i] != Fate.KEEP) {
        text.append("  %s: %s%n".formatted(fewest[i], point.disk.pending().get(i)));
      }
    }
    text.append("  image: ").append(save(point.disk.image(fewest, tearing)));
    return new Violation(text.toString(), cause);
  }

  /** Lets as much survive as still fails. */
  private Fate[] shrink(Point point, Fate[] fates, long tearing) {
    Fate[] fewest = fates.clone();
    for (int i = 0; i < fewest.length && fewest.length < 200; i++) {
      Fate was = fewest[i];
      if (was != Fate.KEEP) {
        fewest[i] = Fate.KEEP;
        if (!fails(point, fewest, tearing)) {
          fewest[i] = was;
        }
      }
    }
    return fewest;
  }

  private boolean fails(Point point, Fate[] fates, long tearing) {
    try {
      SimulatedFileSystem on = new SimulatedFileSystem(point.disk.image(fates, tearing));
      var _ = Oracle.check(around.apply(on), true, point.history, point.powerCut, true);
      return false;
    } catch (AssertionError _) {
      return true;
    }
  }

  private String save(Disk image) {
    try {
      Path folder = Path.of("target", "crash-images", workload + "-" + seed);
      Files.createDirectories(folder);
      for (var name : image.names().entrySet()) {
        Files.write(
            folder.resolve(name.getKey().getFileName()),
            image.files().get(name.getValue()).bytes());
      }
      return folder.toAbsolutePath().toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A broken promise, told with all that is needed to see it again. */
  static final class Violation extends AssertionError {
    private static final long serialVersionUID = 1L;

    Violation(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
