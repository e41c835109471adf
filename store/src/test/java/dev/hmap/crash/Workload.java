package dev.hmap.crash;

import dev.hmap.Durability;
import dev.hmap.crash.Step.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Scripts that take a store through all it does, made from a seed. */
@SuppressWarnings("ImmutableEnumChecker") // shapes are immutable, codecs too
enum Workload {
  /** Growth doublings with few pages: every call of every phase is met often. */
  SMALL(Shape.LONGS, Durability.SYNC, 150, 60, 0),
  /** Many doublings, checkpoints beside. */
  GROWTH(Shape.LONGS, Durability.SYNC, 700, 4000, 0),
  /** The same keys come and go, so that the map grows to its own size. */
  CHURN(Shape.LONGS, Durability.ASYNC, 900, 0, 0),
  /** Values of all lengths, slabs come and go. */
  STRINGS(Shape.STRINGS, Durability.SYNC, 350, 120, 3000),
  /** The same, a force only now and then. */
  STRINGS_ASYNC(Shape.STRINGS, Durability.ASYNC, 400, 120, 3000),
  /** Long bursts of writes that share a force. */
  BURSTS(Shape.MIXED, Durability.SYNC, 700, 150, 500),
  /** Values with extents of their own; records over several segments of the log. */
  LARGE(Shape.STRINGS, Durability.SYNC, 90, 12, 200_000),
  /** Checkpoints of many more images than a log segment takes. */
  WIDE(Shape.STRINGS, Durability.SYNC, 160, 500, 3000),
  /** Many compactions, and backups. */
  COMPACTED(Shape.MIXED, Durability.SYNC, 120, 60, 300),
  /** Entries expire, under a clock that passes, stands, and is set ahead and back. */
  EXPIRING(Shape.EXPIRING, Durability.SYNC, 260, 40, 200),
  /** The same, a force only now and then. */
  EXPIRING_ASYNC(Shape.EXPIRING, Durability.ASYNC, 260, 200, 60),
  /** Readers come, refresh, stand and go, and the store is closed and opened beside them. */
  READERS(Shape.MIXED, Durability.SYNC, 160, 40, 300),
  /** Many openings. */
  REOPENS(Shape.MIXED, Durability.ASYNC, 160, 40, 300);

  final Shape<?, ?> shape;
  final Durability durability;
  private final int steps;
  private final int keys;
  private final int maxLength;

  Workload(Shape<?, ?> shape, Durability durability, int steps, int keys, int maxLength) {
    this.shape = shape;
    this.durability = durability;
    this.steps = steps;
    this.keys = keys;
    this.maxLength = maxLength;
  }

  /** Those of which entries live for ever: what fails leaves no trace of when it took place. */
  static List<Workload> withoutExpiry() {
    return Arrays.stream(values()).filter(w -> !w.shape.expires()).toList();
  }

  /** How often the log is forced without sync: never by time in some runs, always in others. */
  Duration syncInterval(long seed) {
    return seed % 2 == 0 ? Duration.ofHours(1) : Duration.ofMillis(1);
  }

  /** Whether the log is mapped where it is written, so that callers write it. */
  boolean isLogMapped() {
    return this == CHURN || this == REOPENS;
  }

  /** The script of a seed. */
  List<Step> script(long seed) {
    return new Generator(this, seed, steps, new Model(shape), 1).script();
  }

  /** A short script that goes on from a model. */
  List<Step> more(long seed, Model from, long firstTag) {
    return new Generator(this, seed, 12, from, firstTag).script();
  }

  private static final class Generator {
    private static final long[] JUMPS_MILLIS = {86_400_000, 6_000, -6_000, -86_400_000};

    private static final int MAX_READERS = 2;
    private static final int CALLS_OF_OPENING = 40;

    private final Workload workload;
    private final Random random;
    private final int count;
    private final Model model;
    private final List<Step> steps = new ArrayList<>();
    private long tag;
    private int churn;
    private int readers;
    private int burst;

    /** By how much the clock was set last, 0 if it was set back by as much. */
    private long jumped;

    Generator(Workload workload, long seed, int count, Model model, long firstTag) {
      this.workload = workload;
      this.random = new Random(seed * 31 + workload.name().hashCode());
      this.count = count;
      this.model = model;
      this.tag = firstTag;
    }

    List<Step> script() {
      while (steps.size() < count) {
        Step step =
            switch (workload) {
              case CHURN -> churn();
              case READERS -> beside();
              default -> next();
            };
        if (step.isOperation()) {
          model.apply(step);
        }
        steps.add(step);
      }
      steps.add(Step.of(Kind.REOPEN));
      for (int i = 0; i < 3; i++) {
        steps.add(single(anyKey()));
      }
      return steps;
    }

    private boolean isCheckpointed() {
      return workload == LARGE || workload == WIDE;
    }

    private Step next() {
      int dice = random.nextInt(1000);
      if (dice < 4) {
        return Step.of(Kind.CHECKPOINT);
      }
      if (dice < (isCheckpointed() ? 80 : 16)) {
        return Step.of(Kind.CHECKPOINT_BESIDE);
      }
      if (dice < 20 && (workload == COMPACTED || workload == BURSTS || workload == STRINGS)) {
        return Step.of(Kind.COMPACT_BESIDE);
      }
      if (dice < (workload == REOPENS ? 60 : isCheckpointed() ? 84 : 20)) {
        return Step.of(Kind.REOPEN);
      }
      if (workload.shape.expires() && random.nextInt(5) == 0) {
        return clock();
      }
      if (workload.shape.expires() && dice < 26) {
        return Step.of(dice < 24 ? Kind.COMPACT : Kind.BACKUP);
      }
      if (workload == COMPACTED && dice < 60) {
        return Step.of(dice < 40 ? Kind.COMPACT : Kind.BACKUP);
      }
      if (dice < 100) {
        return Step.of(Kind.SYNC);
      }
      if (dice < 103) {
        return Step.of(Kind.CLEAR);
      }
      if (dice < (workload == WIDE ? 350 : 150)) {
        return batch();
      }
      return single(anyKey());
    }

    /** Mostly time passes; now and then the clock is set, and later as far back. */
    private Step clock() {
      if (random.nextInt(4) > 0) {
        long most = random.nextInt(3) == 0 ? workload.shape.lifeMillis : 300;
        return Step.of(Kind.PASS, 0, random.nextLong(most + 1), 0);
      }
      long back = -jumped;
      jumped = jumped == 0 ? JUMPS_MILLIS[random.nextInt(JUMPS_MILLIS.length)] : 0;
      return Step.of(Kind.JUMP, 0, jumped == 0 ? back : jumped, 0);
    }

    /** Puts keys that are new and removes the oldest, so that chains fill with empty slots. */
    private Step churn() {
      int dice = random.nextInt(1000);
      if (dice < 12) {
        return Step.of(Kind.CHECKPOINT_BESIDE);
      }
      if (dice < 14) {
        return Step.of(Kind.COMPACT_BESIDE);
      }
      if (dice < 16) {
        return Step.of(Kind.REOPEN);
      }
      if (dice < 40) {
        return Step.of(Kind.SYNC);
      }
      int live = model.count();
      if (live < 48 || live < 52 && random.nextBoolean()) {
        return Step.of(Kind.PUT, churn++, tag++, 8);
      }
      Set<Integer> keys = new HashSet<>(model.entries().keySet());
      return Step.of(
          Kind.REMOVE, keys.stream().skip(random.nextInt(live)).findFirst().orElseThrow(), 0, 0);
    }

    /** Every other step is of a reader, or of the writer while there are some. */
    private Step beside() {
      int dice = random.nextInt(1000);
      if (!steps.isEmpty() && steps.getLast().kind() == Kind.LEAVE_CLOSED && random.nextBoolean()) {
        return opening(Kind.READ_CLOSING);
      }
      if (dice < 170) {
        Kind kind = dice < 90 ? Kind.READ : dice < 140 ? Kind.READ_CLOSING : Kind.READ_COMPACTING;
        if (readers < MAX_READERS) {
          return opening(kind);
        }
        dice = 170 + random.nextInt(830);
      }
      if (dice < 260) {
        readers = dice < 240 ? 0 : readers;
        return Step.of(dice < 200 ? Kind.LEAVE : dice < 240 ? Kind.LEAVE_CLOSED : Kind.REFRESH);
      }
      if (dice < 360) {
        return Step.of(dice < 340 ? Kind.REOPEN : Kind.COMPACT);
      }
      if (dice < 440) {
        return Step.of(dice < 380 ? Kind.CHECKPOINT : Kind.CHECKPOINT_BESIDE);
      }
      return dice < 500 ? batch() : single(anyKey());
    }

    private Step opening(Kind kind) {
      readers++;
      return Step.of(kind, 0, 1 + random.nextInt(CALLS_OF_OPENING), 0);
    }

    private int anyKey() {
      return random.nextInt(workload.keys == 0 ? 50 : workload.keys);
    }

    private int anyLength() {
      if (workload.maxLength == 0) {
        return 8;
      }
      return switch (random.nextInt(4)) {
        case 0 -> random.nextInt(16);
        case 1 -> random.nextInt(Math.min(200, workload.maxLength));
        case 2 -> random.nextInt(Math.min(3000, workload.maxLength));
        default -> random.nextInt(workload.maxLength);
      };
    }

    private Step single(int key) {
      if (burst == 0 && random.nextInt(workload == BURSTS ? 4 : 30) == 0) {
        burst = 1 + random.nextInt(20);
      }
      boolean async = burst > 0;
      burst = Math.max(0, burst - 1);
      int length = anyLength();
      int dice = random.nextInt(100);
      Kind kind;
      if (dice < 70) {
        kind = Kind.PUT;
      } else if (dice < 82) {
        kind = Kind.REMOVE;
      } else if (async) {
        kind = Kind.PUT;
      } else if (dice < 87) {
        kind = Kind.PUT_IF_ABSENT;
      } else if (dice < 92) {
        kind = Kind.REPLACE;
      } else if (dice < 96) {
        kind = Kind.REPLACE_IF_EQUAL;
      } else {
        kind = Kind.REMOVE_IF_EQUAL;
      }
      Model.Value expected = model.entries().get(key);
      if (expected == null || random.nextInt(4) == 0) {
        expected = new Model.Value(-1, 5, 0, 0);
      }
      return new Step(kind, key, tag++, length, expected, async, List.of());
    }

    private Step batch() {
      List<Step> parts = new ArrayList<>();
      int size = 1 + random.nextInt(workload == GROWTH || workload == WIDE ? 60 : 12);
      for (int i = 0; i < size; i++) {
        int key = anyKey();
        parts.add(
            random.nextInt(4) == 0
                ? Step.of(Kind.REMOVE, key, 0, 0)
                : Step.of(Kind.PUT, key, tag++, anyLength()));
      }
      int markBytes = random.nextInt(3) == 0 ? random.nextInt(4097) : random.nextInt(20);
      return new Step(Kind.BATCH, 0, tag++, markBytes, null, false, parts);
    }
  }
}
