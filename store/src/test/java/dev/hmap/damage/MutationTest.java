package dev.hmap.damage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.Budget;
import dev.hmap.damage.Probe.Result;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Files whose numbers are wrong and whose sums are right: whatever is done with them ends, in an
 * answer or in an exception of hmap's. {@code -Dhmap.mutations=100000} and {@code -Dhmap.seed} for
 * longer runs; {@link MutationFuzzTest} has a fuzzer choose.
 */
@Tag("verify")
@Tag("promise:damage")
class MutationTest {
  private static final int CHOICES_BYTES = 48;

  @Test
  void wrongNumbersUnderRightSumsEndInAnAnswerOrAnException() {
    run(Long.getLong("hmap.seed", 1), Budget.rounds(Long.getLong("hmap.mutations", 1_500)));
  }

  /** For {@code -Dstress.seconds}. */
  @Test
  @Tag("campaign")
  void manyWrongNumbersUnderRightSumsEndToo() {
    run(System.nanoTime(), Budget.of(1, 100_000));
  }

  private static void run(long seed, Budget budget) {
    System.out.printf("mutations: seed %d%n", seed);
    Map<Result, Integer> results = new TreeMap<>();
    try (Cases cases = new Cases("mutations")) {
      for (long i = 0; budget.isLeft(i); i++) {
        byte[] choices = new byte[CHOICES_BYTES];
        new Random(seed + i).nextBytes(choices);
        long own = seed + i;
        cases.run(
            () -> "-Dhmap.seed=%d -Dhmap.mutations=1".formatted(own),
            () -> results.merge(run(choices), 1, Integer::sum));
      }
    }
    System.out.println("mutations: " + results);
    assertThat(results)
        .as("what is mutated gets past the sums")
        .containsKeys(Result.RIGHT, Result.WRONG, Result.REFUSED);
  }

  @Test
  void inputsOfTheFuzzerEndToo() throws Exception {
    URL inputs =
        MutationTest.class.getResource("MutationFuzzTestInputs/wrongNumbersUnderRightSums");
    try (Stream<Path> files = Files.list(Path.of(inputs.toURI()));
        Cases cases = new Cases("inputs of the fuzzer")) {
      for (Path file : files.sorted().toList()) {
        byte[] choices = Files.readAllBytes(file);
        cases.run(file::toString, () -> run(choices));
      }
    }
  }

  /** Damages a sample as the bytes say, and uses it. */
  static Result run(byte[] bytes) {
    Choices choices = new Choices(bytes);
    List<Sample<?, ?>> samples = Samples.all();
    Sample<?, ?> sample = samples.get(choices.below(samples.size()));
    byte[] data = sample.data();
    byte[] log = sample.hasLog() ? sample.log() : new byte[0];
    String what = Mutation.apply(sample, data, log, choices);
    try {
      byte[] damagedLog = sample.hasLog() ? log : null;
      new Probe<>(sample, Sample.files(data, damagedLog)).isFoundByVerify();
      return new Probe<>(sample, Sample.files(data, damagedLog)).use();
    } catch (RuntimeException | Error e) {
      throw new AssertionError("%s: %s".formatted(sample, what), e);
    }
  }
}
