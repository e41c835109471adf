package dev.hmap.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Method;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The crash simulation sees each safeguard that is taken away. */
@Tag("verify")
@ExtendWith(Silence.class)
@Tag("promise:4")
@Tag("promise:7")
@Tag("promise:expiry")
@Tag("promise:instruments")
class MutantTest {
  private static final int ENOUGH = 400_000;
  private static final int ENOUGH_FOR_CODE = 50_000;
  private static final int IMAGES_OF_HARMLESS = 10_000;

  @ParameterizedTest
  @EnumSource(value = Mutant.class, mode = EnumSource.Mode.EXCLUDE, names = "CHECKPOINT_FORCE_3")
  void shouldBeCaughtUnlessHarmless(Mutant mutant) throws Exception {
    judge(mutant, mutant.damage, mutant.harmless, Hunts.AHEAD.of(mutant));
  }

  private static final class Hunts {
    static final Ahead<Mutant, Long> AHEAD =
        new Ahead<>(
            EnumSet.complementOf(EnumSet.of(Mutant.CHECKPOINT_FORCE_3)),
            mutant -> hunt(mutant, List.of(Workload.values())));
  }

  /**
   * The header's force shows only where the images' slots are used again before the next force,
   * which takes some hundred thousand images.
   */
  @Test
  @Tag("campaign")
  void shouldBeCaughtWhenTheHeaderIsNotForced() {
    Mutant mutant = Mutant.CHECKPOINT_FORCE_3;
    judge(
        mutant,
        mutant.damage,
        mutant.harmless,
        hunt(mutant, List.of(Workload.WIDE, Workload.LARGE)));
  }

  private static long hunt(Mutant mutant, List<Workload> workloads) {
    return MutantHunt.hunt(
        workloads,
        mutant.harmless.isEmpty() ? ENOUGH : IMAGES_OF_HARMLESS,
        f -> new MutatingFileSystem((SimulatedFileSystem) f, mutant));
  }

  @ParameterizedTest
  @EnumSource(CodeMutant.class)
  void shouldBeCaughtInTheCodeUnlessHarmless(CodeMutant mutant) throws Exception {
    judge(mutant, mutant.damage, mutant.harmless, CodeHunts.AHEAD.of(mutant));
  }

  private static final class CodeHunts {
    static final Ahead<CodeMutant, Long> AHEAD =
        new Ahead<>(EnumSet.allOf(CodeMutant.class), MutantTest::hunt);
  }

  private static long hunt(CodeMutant mutant) throws Exception {
    Method hunt =
        Class.forName(MutantHunt.class.getName(), true, new MutantLoader(mutant))
            .getDeclaredMethod("huntHere", List.class, long.class);
    hunt.setAccessible(true);
    return (long)
        hunt.invoke(
            null,
            mutant.workloads().stream().map(Workload::name).toList(),
            mutant.harmless.isEmpty() ? ENOUGH_FOR_CODE : IMAGES_OF_HARMLESS);
  }

  @Test
  void shouldShrinkAScriptThatFails() {
    Shrinker shrinker =
        new Shrinker(
            Workload.SMALL,
            1,
            f -> new MutatingFileSystem((SimulatedFileSystem) f, Mutant.COMMIT_FORCE));
    List<Integer> fewest = shrinker.shrink();
    System.out.print(shrinker.describe(fewest));
    assertThat(fewest).hasSizeBetween(1, 20);
    assertThat(shrinker.fails(fewest)).isTrue();
  }

  private static void judge(Enum<?> mutant, String damage, String harmless, long images) {
    System.out.printf(
        "mutant %-22s %s: %s after %,d images%n",
        mutant, damage, images >= 0 ? "caught" : "not caught", Math.abs(images));
    assertEquals(harmless.isEmpty(), images >= 0, damage);
  }
}
