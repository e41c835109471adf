package dev.hmap.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.Codec;
import dev.hmap.Durability;
import dev.hmap.HMap;
import dev.hmap.Silence;
import dev.hmap.TestClock;
import dev.hmap.crash.FaultyFileSystem.Fault;
import dev.hmap.error.HMapException;
import dev.hmap.error.StoreClosedException;
import dev.hmap.error.StoreFailedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whichever call of {@code refresh()} fails: a follower shows what the store held at some time. */
@Tag("verify")
@ExtendWith(Silence.class)
@Timeout(300)
@Tag("promise:7")
class RefreshFaultTest {
  private static final int KEYS = 30;

  /** A value that fills the window through which the log is read after some dozens. */
  private static final String PAD = "x".repeat(3_000);

  /** A store with its writer, and a follower whose calls can be made to fail. */
  private static final class Stage implements AutoCloseable {
    final SimulatedFileSystem simulated = new SimulatedFileSystem();
    final FaultyFileSystem faulty;
    final HMap<Long, String> writer;
    final HMap<Long, String> follower;

    /** What the store held after each write that the follower was not yet shown. */
    final List<Map<Long, String>> states = new ArrayList<>();

    Stage(Fault fault) {
      faulty = new FaultyFileSystem(simulated, fault, 1, 0);
      writer =
          CrashMaps.open(
              simulated,
              Runner.STORE,
              Codec.LONG,
              Codec.STRING,
              Durability.ASYNC,
              Duration.ofHours(1),
              0,
              new TestClock(0));
      for (long key = 0; key < KEYS; key++) {
        writer.put(key, "a");
      }
      follower = CrashMaps.follow(faulty, Runner.STORE, Codec.LONG, Codec.STRING);
      states.add(new HashMap<>(writer));
    }

    /**
     * For each key writes of which a part that is applied once more leads elsewhere: from a to b,
     * not from c to a, then from b to c.
     */
    void write() {
      for (long key = 0; key < KEYS; key++) {
        did(writer.replace(key, "a", "b"), true);
        did(writer.replace(key, "c", "a"), false);
        did(writer.replace(key, "b", "c"), true);
        did(writer.putIfAbsent(KEYS + key, PAD + key) == null, true);
        long first = 2 * KEYS + 8 * key;
        writer.write(batch -> {
          for (long i = first; i < first + 8; i++) {
            batch.put(i, PAD + i);
          }
          batch.remove(first - 1);
        });
        did(true, true);
      }
    }

    private void did(boolean done, boolean expected) {
      assertThat(done).isEqualTo(expected);
      states.add(new HashMap<>(writer));
    }

    /** Refreshes while a call fails; whether it was reached. */
    boolean refresh(int call) {
      faulty.fail(call);
      try {
        follower.refresh();
      } catch (HMapException | OutOfMemoryError e) {
        if (!faulty.hasStruck()) {
          throw new AssertionError("refresh failed, though nothing did", e);
        }
      }
      boolean struck = faulty.hasStruck();
      faulty.heal();
      return struck;
    }

    void checkIsOneOfTheStates() {
      try {
        Map<Long, String> shown = new HashMap<>(follower);
        if (!states.contains(shown)) {
          throw new AssertionError("the follower shows what never was: " + brief(shown));
        }
      } catch (StoreClosedException | StoreFailedException _) {
        // it shows nothing
      }
    }

    private static String brief(Map<Long, String> shown) {
      Map<Long, String> brief = new HashMap<>(shown);
      brief.replaceAll((_, value) -> value.length() > 10 ? "pad" : value);
      return brief.toString();
    }

    /** Refreshes on a sound disk and compares; where the first time closed it, opens another. */
    void checkIsTheLastState() {
      HMap<Long, String> now = follower;
      try {
        follower.refresh();
      } catch (StoreClosedException _) {
        now = CrashMaps.follow(simulated, Runner.STORE, Codec.LONG, Codec.STRING);
      }
      Map<Long, String> shown = new HashMap<>(now);
      if (!shown.equals(states.getLast())) {
        throw new AssertionError("the follower shows another state: " + brief(shown));
      }
      now.close();
    }

    @Override
    public void close() {
      follower.close();
      writer.close();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void recordsAreAppliedTwiceAfterAnErrorInRefresh(boolean behindACheckpoint) {
    sweep(Fault.IO_ERROR, behindACheckpoint);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRecordIsHalfSeenAfterAnErrorInRefresh(boolean behindACheckpoint) {
    sweep(Fault.NO_MEMORY, behindACheckpoint);
  }

  private static void sweep(Fault fault, boolean behindACheckpoint) {
    boolean struck = true;
    int calls = 0;
    for (int call = 1; struck; call++) {
      try (Stage stage = new Stage(fault)) {
        stage.write();
        if (behindACheckpoint) {
          stage.writer.checkpoint(); // which waits for the follower
        }
        struck = stage.refresh(call);
        calls = call;
        stage.checkIsOneOfTheStates();
        stage.checkIsTheLastState();
      } catch (AssertionError e) {
        throw new AssertionError("call %d fails: %s".formatted(call, e.getMessage()), e);
      }
    }
    System.out.printf("refresh: %s at each of %d calls%n", fault, calls);
    assertThat(calls).isGreaterThan(10);
  }
}
