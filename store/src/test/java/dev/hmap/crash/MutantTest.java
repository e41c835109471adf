package dev.hmap.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The crash simulation sees each safeguard that is taken away. */
@ExtendWith(Silence.class)
class MutantTest {
  private static final int ENOUGH = 400_000;
  private static final int IMAGES_OF_HARMLESS = 10_000;

  @ParameterizedTest
  @EnumSource(value = Mutant.class, mode = EnumSource.Mode.EXCLUDE, names = "CHECKPOINT_FORCE_3")
  void shouldBeCaughtUnlessHarmless(Mutant mutant) {
    run(mutant);
  }

  /** Takes some hundred thousand images until a slot is used again at the wrong moment. */
  @Test
  @Tag("campaign")
  void shouldBeCaughtWhenTheHeaderIsNotForced() {
    run(Mutant.CHECKPOINT_FORCE_3);
  }

  private static void run(Mutant mutant) {
    Campaign.Counts counts = new Campaign.Counts();
    long images = mutant.harmless.isEmpty() ? ENOUGH : IMAGES_OF_HARMLESS;
    boolean isCaught = false;
    // The header's force shows only where the images' slots are used again before the next force.
    List<Workload> workloads =
        mutant == Mutant.CHECKPOINT_FORCE_3
            ? List.of(Workload.WIDE, Workload.LARGE)
            : List.of(Workload.values());
    for (long n = 0; !isCaught && counts.images.get() < images; n++) {
      Workload workload = workloads.get((int) (n % workloads.size()));
      isCaught = isCaught(mutant, workload, 1 + n / workloads.size(), counts);
    }
    System.out.printf(
        "mutant %-22s %s: %s after %,d images%n",
        mutant, mutant.damage, isCaught ? "caught" : "not caught", counts.images.get());
    assertEquals(mutant.harmless.isEmpty(), isCaught, mutant.damage);
  }

  private static boolean isCaught(
      Mutant mutant, Workload workload, long seed, Campaign.Counts counts) {
    try {
      new Campaign(
              workload,
              seed,
              12,
              f -> new MutatingFileSystem((SimulatedFileSystem) f, mutant),
              counts)
          .run();
      return false;
    } catch (AssertionError | RuntimeException _) {
      return true; // by an image, or because the store could not be opened in the run itself
    }
  }
}
