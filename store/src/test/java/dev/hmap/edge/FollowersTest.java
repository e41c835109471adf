package dev.hmap.edge;

import static dev.hmap.edge.StoreFiles.assertHolds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.HMap;
import dev.hmap.error.StoreLockedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Readers and writers that open, close and stand beside each other. */
@Tag("verify")
@Timeout(120)
@Tag("promise:8")
class FollowersTest {
  private static final int KEYS = 100;

  /** Of data beyond all limits after which a checkpoint begins or must end. */
  private static final int MANY = 60_000;

  private static final int PAD = 1_000;

  @TempDir Path folder;

  private static <T> FutureTask<T> begin(Callable<T> task) {
    FutureTask<T> future = new FutureTask<>(task);
    Thread.ofPlatform().daemon().start(future);
    return future;
  }

  private static void join(List<? extends FutureTask<?>> tasks) {
    for (FutureTask<?> task : tasks) {
      var _ =
          Within.aMinute(
              "a thread beside",
              () -> {
                try {
                  return task.get();
                } catch (ExecutionException e) {
                  throw new AssertionError("a thread beside failed: " + e.getCause(), e.getCause());
                }
              });
    }
  }

  // ------------------------------------------------- opened while a writer closes

  @Test
  void aFollowerThatOpensWhileAWriterClosesIsStaleForEver() {
    Path path = StoreFiles.store(folder.resolve("store"), KEYS);
    var _ =
        Within.aMinute(
            "following",
            () -> {
              for (int round = 1; round <= 200; round++) {
                HMap<Long, String> writer = Work.at(path, "async").open();
                writer.put(0L, "before " + round);
                CyclicBarrier start = new CyclicBarrier(2);
                FutureTask<HMap<Long, String>> opening =
                    begin(() -> {
                      start.await();
                      return Work.at(path).readOnly().open();
                    });
                start.await();
                writer.close();
                try (HMap<Long, String> follower = opening.get()) {
                  follower.refresh();
                  assertThat(follower.get(0L)).isEqualTo("before " + round);
                  try (HMap<Long, String> next = Work.at(path, "async").open()) {
                    next.put(0L, "after " + round);
                    follower.refresh();
                    assertThat(follower.get(0L)).isEqualTo("after " + round);
                    next.put(0L, "last " + round);
                    follower.refresh();
                    assertThat(follower.get(0L)).isEqualTo("last " + round);
                  }
                }
              }
              return null;
            });
  }

  @Test
  void aFollowerThatIsNeverRefreshedAfterAWriterClosedHoldsUpTheNextCheckpoint() {
    Path path = StoreFiles.store(folder.resolve("store"), KEYS);
    var _ =
        Within.aMinute(
            "following",
            () -> {
              for (int round = 1; round <= 100; round++) {
                HMap<Long, String> writer = Work.at(path, "async").open();
                writer.put(0L, "before " + round);
                CyclicBarrier start = new CyclicBarrier(2);
                FutureTask<HMap<Long, String>> opening =
                    begin(() -> {
                      start.await();
                      return Work.at(path).readOnly().open();
                    });
                start.await();
                writer.close();
                try (HMap<Long, String> follower = opening.get()) {
                  follower.refresh();
                  try (HMap<Long, String> next = Work.at(path, "async").open()) {
                    next.put(0L, "after " + round);
                    FutureTask<Boolean> checkpoint =
                        begin(() -> {
                          next.checkpoint();
                          return true;
                        });
                    while (!checkpoint.isDone()) {
                      follower.refresh();
                    }
                    assertThat(checkpoint.get()).isTrue();
                    follower.refresh();
                    assertThat(follower.get(0L)).isEqualTo("after " + round);
                  }
                }
              }
              return null;
            });
  }

  // ------------------------------------------------- readers that stand still

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anIdleReaderKeepsAWriterFromOpeningAfterACleanClose(boolean inAnotherProcess)
      throws IOException {
    Path path = StoreFiles.store(folder.resolve("store"), KEYS);
    try (Child child = Child.start()) {
      HMap<Long, String> writer = Work.at(path).open();
      StoreFiles.putEach(writer, KEYS, 2 * KEYS);
      HMap<Long, String> reader = null;
      if (inAnotherProcess) {
        child.does("read", "r", path);
      } else {
        reader = Work.at(path).readOnly().open();
      }
      within("closing", writer::close);
      try (HMap<Long, String> next = Within.aMinute("opening", () -> Work.at(path).open())) {
        within("writing", () -> StoreFiles.putEach(next, 2 * KEYS, 3 * KEYS));
      }
      assertHolds(path, 3 * KEYS);
      if (reader == null) {
        assertThat(child.ask("wrong", "r", 0, 2 * KEYS, 0)).isEqualTo("0");
        assertThat(child.ask("size", "r")).isEqualTo(String.valueOf(2 * KEYS));
        child.does("refresh", "r");
        assertThat(child.ask("size", "r")).isEqualTo(String.valueOf(3 * KEYS));
      } else {
        assertHolds(reader, 2 * KEYS);
        reader.refresh();
        assertHolds(reader, 3 * KEYS);
        reader.close();
      }
    }
  }

  /** A checkpoint that was committed and waits is left to the next opening. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anIdleReaderKeepsAWriterFromOpeningAfterAKill(boolean inAnotherProcess) throws IOException {
    Path path = StoreFiles.store(folder.resolve("store"), KEYS);
    try (Child other = Child.start()) {
      HMap<Long, String> reader = null;
      try (Child killed = Child.start()) {
        killed.does("open", "m", path, "small");
        killed.does("put", "m", 0, Work.value(0, 0, 0));
        if (inAnotherProcess) {
          other.does("read", "r", path);
        } else {
          reader = Work.at(path).readOnly().open();
        }
        killed.does("fill", "m", 0, 9_000, 1, PAD);
      }
      try (HMap<Long, String> next = Within.aMinute("opening", () -> Work.at(path).open())) {
        assertThat(next.mappingCount()).isEqualTo(9_000);
        within("writing", () -> Work.fill(next, 0, 9_000, 2, PAD));
      }
      if (reader == null) {
        assertThat(other.ask("wrong", "r", 0, KEYS, 0)).isEqualTo("0");
        other.does("refresh", "r");
        assertThat(other.ask("wrong", "r", 0, 9_000, 2)).isEqualTo("0");
      } else {
        assertHolds(reader, KEYS);
        reader.refresh();
        assertThat(reader.get(1L)).isEqualTo(Work.value(1, 2, PAD));
        reader.close();
      }
    }
  }

  private static void within(String what, Runnable task) {
    var _ =
        Within.aMinute(
            what,
            () -> {
              task.run();
              return true;
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"async", "sync"})
  void writesStallBesideAReaderThatIsNeverRefreshed(String durability) {
    Path path = StoreFiles.store(folder.resolve("store"), KEYS);
    String[] options =
        durability.equals("async") ? new String[] {"small", "async"} : new String[] {"small"};
    within(
        "writing and reading by one thread",
        () -> {
          try (HMap<Long, String> writer = Work.at(path, options).open()) {
            writer.put(0L, Work.value(0, 0, 0));
            try (HMap<Long, String> reader = Work.at(path).readOnly().open()) {
              Work.fill(writer, 0, MANY, 1, PAD);
              writer.put(0L, Work.value(0, 1, PAD));
              assertHolds(reader, KEYS);
              reader.refresh();
              assertThat(reader.mappingCount()).isEqualTo(MANY);
              assertThat(reader.get(MANY - 1L)).isEqualTo(Work.value(MANY - 1, 1, PAD));
            }
          }
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void writesStallBesideAReaderOfAnotherProcess(boolean isDead) throws IOException {
    Path path = StoreFiles.store(folder.resolve("store"), KEYS);
    try (Child child = Child.start()) {
      HMap<Long, String> writer = Work.at(path, "small").open();
      writer.put(0L, Work.value(0, 0, 0));
      child.does("read", "r", path);
      within("writing", () -> Work.fill(writer, 0, MANY, 1, PAD));
      if (isDead) {
        child.kill();
      } else {
        assertThat(child.ask("wrong", "r", 0, KEYS, 0)).isEqualTo("0");
        assertThat(child.ask("size", "r")).isEqualTo(String.valueOf(KEYS));
      }
      within("closing", writer::close);
      if (!isDead) {
        assertThat(child.ask("wrong", "r", 0, KEYS, 0)).isEqualTo("0");
        child.does("refresh", "r");
        assertThat(child.ask("wrong", "r", 0, MANY, 1)).isEqualTo("0");
      }
    }
  }

  @Test
  void aBackupOfTheSameThreadDeadlocksBesideAReader() {
    Path path = StoreFiles.store(folder.resolve("store"), KEYS);
    within(
        "backing up",
        () -> {
          try (HMap<Long, String> writer = Work.at(path, "small", "async").open()) {
            FutureTask<Boolean> backup;
            try (HMap<Long, String> reader = Work.at(path).readOnly().open()) {
              Work.fill(writer, 0, MANY / 2, 1, PAD);
              writer.backupTo(folder.resolve("copy"));
              backup =
                  begin(() -> {
                    writer.backupTo(folder.resolve("other"));
                    return true;
                  });
              Work.fill(writer, MANY / 2, MANY, 1, PAD);
              assertHolds(reader, KEYS);
            }
            join(List.of(backup));
          }
          for (String name : List.of("copy", "other")) {
            try (HMap<Long, String> copy = Work.at(folder.resolve(name)).readOnly().open()) {
              assertThat(copy.mappingCount()).isBetween(MANY / 2L, (long) MANY);
              assertThat(copy.get(7L)).isEqualTo(Work.value(7, 1, PAD));
            }
          }
        });
  }

  // ------------------------------------------------- readers that come and go

  @Test
  void openingsFailBesideReadersThatOpenAndClose() {
    Path path = StoreFiles.store(folder.resolve("store"), KEYS);
    AtomicBoolean stop = new AtomicBoolean();
    List<FutureTask<Long>> readers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      readers.add(
          begin(() -> {
            long opened = 0;
            for (; !stop.get(); opened++) {
              try (HMap<Long, String> reader = Work.at(path).readOnly().open()) {
                assertThat(reader.mappingCount()).isGreaterThanOrEqualTo(KEYS);
              }
            }
            return opened;
          }));
    }
    try {
      var _ =
          Within.aMinute(
              "opening beside readers",
              () -> {
                for (long round = 0; round < 100; round++) {
                  try (HMap<Long, String> writer = Work.at(path, "async").open()) {
                    if (round % 3 != 0) {
                      writer.put(KEYS + round % 10, "round " + round);
                    }
                  }
                }
                return null;
              });
    } finally {
      stop.set(true);
      join(readers);
    }
  }

  @Test
  void openingsFailBesideReadersOfAnotherProcessThatOpenAndClose() throws IOException {
    Path path = StoreFiles.store(folder.resolve("store"), KEYS);
    AtomicBoolean stop = new AtomicBoolean();
    try (Child child = Child.start()) {
      FutureTask<Long> reading =
          begin(() -> {
            long opened = 0;
            for (; !stop.get(); opened++) {
              child.does("read", "r", path);
              assertThat(child.ask("wrong", "r", 1, KEYS, 0)).isEqualTo("0");
              child.does("close", "r");
            }
            return opened;
          });
      try {
        var _ =
            Within.aMinute(
                "opening beside readers",
                () -> {
                  for (long round = 0; round < 300; round++) {
                    try (HMap<Long, String> writer = Work.at(path, "async").open()) {
                      if (round % 3 != 0) {
                        writer.put(0L, "0:0:" + round);
                      }
                    }
                  }
                  return null;
                });
      } finally {
        stop.set(true);
        join(List.of(reading));
      }
    }
  }

  // ------------------------------------------------- simultaneous openings

  @Test
  void ofSimultaneousOpeningsOneSaysThatTheStoreExistsAlready() {
    var _ =
        Within.aMinute(
            "opening",
            () -> {
              for (int round = 0; round < 400; round++) {
                openTogether(folder.resolve("store" + round));
              }
              return null;
            });
  }

  /** Whoever wins holds the store until all have tried. */
  private static void openTogether(Path path) throws Exception {
    int threads = 16;
    CyclicBarrier start = new CyclicBarrier(threads);
    CyclicBarrier end = new CyclicBarrier(threads);
    List<FutureTask<Boolean>> openings = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      openings.add(
          begin(() -> {
            start.await();
            HMap<Long, String> map = null;
            try {
              map = Work.at(path, "async").open();
              return true;
            } catch (StoreLockedException _) {
              return false;
            } finally {
              end.await();
              if (map != null) {
                map.close();
              }
            }
          }));
    }
    int won = 0;
    for (FutureTask<Boolean> opening : openings) {
      try {
        won += opening.get() ? 1 : 0;
      } catch (ExecutionException e) {
        throw new AssertionError("an opening failed: " + e.getCause(), e.getCause());
      }
    }
    assertThat(won).isEqualTo(1);
  }
}
