package dev.hmap.damage;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;

/**
 * {@link MutationTest} with the choices made by Jazzer, for as long as is set here; what it finds
 * it adds to the test's resources, which {@link MutationTest} runs too. Tagged, because Jazzer
 * instruments whatever runs after it in the same JVM. To fuzz:
 *
 * <pre>
 * JAZZER_FUZZ=1 mvn test -Pcampaign -pl store -am -Dtest=MutationFuzzTest \
 *     -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 */
@Tag("campaign")
@Tag("promise:damage")
class MutationFuzzTest {
  @FuzzTest(maxDuration = "10m")
  void wrongNumbersUnderRightSums(byte[] choices) {
    try (Cases cases = new Cases(null)) {
      cases.run(() -> "a fuzzer's choices", () -> MutationTest.run(choices));
    }
  }
}
