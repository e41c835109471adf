package dev.hmap.closing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store is closed under its readers, again and again: no JVM may crash, no reader may see what is
 * not there, and {@code close} must not fail. In a JVM of its own for each mix of collector,
 * compiler and type of values.
 */
@Tag("verify")
@Tag("promise:closing")
class ClosingTest {
  private static final String FIRST_COMPILER = "-XX:TieredStopAtLevel=1";
  private static final String BOTH_COMPILERS = "-XX:TieredStopAtLevel=4";
  private static final String PORTABLE = "-Ddev.hmap.native=false";
  private static final List<String> COLLECTORS =
      List.of("-XX:+UseSerialGC", "-XX:+UseParallelGC", "-XX:+UseG1GC", "-XX:+UseZGC");

  @TempDir Path folder;

  @Test
  @Timeout(120)
  void theJvmDiesWhenAMapIsClosedUnderItsReaders() throws Exception {
    for (Values.Type type : Values.Type.values()) {
      check(run(type, 80, "-XX:+UseSerialGC", FIRST_COMPILER));
    }
  }

  @Test
  @Timeout(120)
  void theJvmDiesWhenAMapIsClosedUnderItsReadersWithoutNativeAccess() throws Exception {
    check(run(Values.Type.STRINGS, 80, "-XX:+UseG1GC", BOTH_COMPILERS, PORTABLE));
  }

  /**
   * {@code -Dhmap.closings=10000} rounds of each mix, in {@code -Dhmap.closings.folder}, which is
   * best one in memory; {@code -Dhmap.closings.type=LONGS} runs one type alone.
   */
  @Test
  @Tag("campaign")
  void noJvmDiesInThousandsOfClosings() throws Exception {
    int rounds = Integer.getInteger("hmap.closings", 10_000);
    List<Closings> all = new ArrayList<>();
    for (Values.Type type : types()) {
      for (String collector : COLLECTORS) {
        all.add(run(type, rounds, collector, FIRST_COMPILER));
        all.add(run(type, rounds, collector, BOTH_COMPILERS));
        if (type == Values.Type.STRINGS) {
          all.add(run(type, rounds, collector, BOTH_COMPILERS, PORTABLE));
        }
      }
    }
    System.out.println("closing, all:");
    all.forEach(System.out::println);
    assertThat(all).allMatch(Closings::isGood);
  }

  private static List<Values.Type> types() {
    String only = System.getProperty("hmap.closings.type");
    return only == null ? List.of(Values.Type.values()) : List.of(Values.Type.valueOf(only));
  }

  private Closings run(Values.Type type, int rounds, String... options) throws Exception {
    Path place = Path.of(System.getProperty("hmap.closings.folder", folder.toString()));
    Closings closings = new Closings(place, type, List.of(options)).run(rounds, 1);
    System.out.println("closing: " + closings);
    closings.said().forEach(System.out::println);
    return closings;
  }

  private static void check(Closings closings) {
    assertThat(closings.isGood()).as(String.join("\n", closings.said())).isTrue();
  }
}
