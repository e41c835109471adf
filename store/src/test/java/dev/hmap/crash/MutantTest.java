package dev.hmap.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hmap.Silence;
import dev.hmap.io.FileSystem;
import java.lang.reflect.Method;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

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

  /** Those that an image among some hundred thousand shows: each has a script of its own. */
  private static final Set<Mutant> WITH_SCRIPT =
      EnumSet.of(Mutant.CHECKPOINT_FORCE_3, Mutant.RECOVERY_FORCE_DATA);

  static Set<Mutant> withoutScript() {
    return EnumSet.complementOf(EnumSet.copyOf(WITH_SCRIPT));
  }

  @ParameterizedTest
  @MethodSource("withoutScript")
  void shouldBeCaughtUnlessHarmless(Mutant mutant) throws Exception {
    judge(mutant, mutant.damage, mutant.harmless, Hunts.AHEAD.of(mutant));
  }

  private static final class Hunts {
    static final Ahead<Mutant, Long> AHEAD = new Ahead<>(withoutScript(), MutantTest::hunt);
  }

  private static long hunt(Mutant mutant) {
    return MutantHunt.hunt(
        List.of(Workload.values()),
        mutant.harmless.isEmpty() ? ENOUGH : IMAGES_OF_HARMLESS,
        with(mutant));
  }

  private static UnaryOperator<FileSystem> with(Mutant mutant) {
    return f -> new MutatingFileSystem((SimulatedFileSystem) f, mutant);
  }

  @Test
  void shouldBeCaughtWhenACheckpointDoesNotForceItsHeader() {
    LostHeader.runInOneLife(f -> f);
    assertThatThrownBy(() -> LostHeader.runInOneLife(with(Mutant.CHECKPOINT_FORCE_3)))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void shouldBeCaughtWhenRecoveryDoesNotForceTheHeader() {
    LostHeader.runInTwoLives(f -> f);
    assertThatThrownBy(() -> LostHeader.runInTwoLives(with(Mutant.RECOVERY_FORCE_DATA)))
        .isInstanceOf(AssertionError.class);
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
            .getDeclaredMethod("huntHere", List.class, List.class, long.class);
    hunt.setAccessible(true);
    return (long)
        hunt.invoke(
            null,
            mutant.instruments().stream().map(Enum::name).toList(),
            mutant.workloads().stream().map(Workload::name).toList(),
            mutant.harmless.isEmpty() ? ENOUGH_FOR_CODE : IMAGES_OF_HARMLESS);
  }

  @Test
  void shouldShrinkAScriptThatFails() {
    Shrinker shrinker = new Shrinker(Workload.SMALL, 1, with(Mutant.COMMIT_FORCE));
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
