package dev.hmap.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.FastFolder;
import dev.hmap.edge.Within;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Memory ends at each place in the code that asks for some: every call returns, nothing is lost,
 * and what was taken is given back.
 */
@Tag("verify")
@Tag("promise:given-back")
class OutOfMemoryTest {
  @TempDir(factory = FastFolder.class)
  Path folder;

  private final List<String> damage = new ArrayList<>();
  private int plays;

  /** Once; and where callers wait for other threads, for good. */
  @ParameterizedTest
  @EnumSource(names = "SYNC", mode = EnumSource.Mode.EXCLUDE)
  void anAllocationThatFailsLosesLeavesOrHolds(Stage scene) throws Exception {
    sweep(scene, 1, scene != Stage.OPENING);
  }

  @ParameterizedTest
  @EnumSource
  @Tag("campaign")
  void anyAllocationThatFailsLosesLeavesOrHolds(Stage scene) throws Exception {
    sweep(scene, 5, scene != Stage.OPENING);
  }

  /**
   * Has one place after the other find no memory.
   *
   * @param times up to which of a place's allocations
   * @param forever whether also to have all fail from there on
   */
  private void sweep(Stage scene, int times, boolean forever) throws Exception {
    AllocationLoader loader = new AllocationLoader();
    Class<?> stage = Class.forName(Stage.class.getName(), true, loader);
    Method rehearse = method(stage, "rehearse", String.class, Path.class);
    Method play =
        method(stage, "play", String.class, Path.class, int.class, int.class, boolean.class);
    invoke(rehearse, scene + ", to begin with", scene.name(), fresh()); // what is done once only
    int[] asked = (int[]) invoke(rehearse, scene + ", without", scene.name(), fresh());
    int sites = 0;
    for (int site = 0; site < asked.length; site++) {
      sites += asked[site] > 0 ? 1 : 0;
      for (int nth = 1; nth <= Math.min(times, asked[site]); nth++) {
        String where = "%s, allocation %d of %s".formatted(scene, nth, loader.site(site));
        attempt(play, where, scene.name(), fresh(), site, nth, false);
        if (forever) {
          attempt(play, where + " and all others", scene.name(), fresh(), site, nth, true);
        }
      }
    }
    System.out.printf("out of memory: %s, at %,d places, %,d runs%n", scene, sites, plays);
    assertThat(damage).isEmpty();
    assertThat(sites).isGreaterThan(50);
  }

  private static Method method(Class<?> type, String name, Class<?>... parameters)
      throws NoSuchMethodException {
    Method method = type.getDeclaredMethod(name, parameters);
    method.setAccessible(true);
    return method;
  }

  private void attempt(Method play, String where, Object... arguments) throws IOException {
    try {
      invoke(play, where, arguments);
    } catch (AssertionError e) {
      damage.add(e.getMessage());
      if (e.getCause() instanceof TimeoutException) {
        throw e; // what hangs would be in the way of what follows
      }
    }
    remove((Path) arguments[1]);
  }

  private Path fresh() throws IOException {
    return Files.createDirectory(folder.resolve(Integer.toString(++plays)));
  }

  private static void remove(Path tree) throws IOException {
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  private static Object invoke(Method method, String where, Object... arguments) {
    return Within.aMinute(
        where,
        () -> {
          try {
            return method.invoke(null, arguments);
          } catch (InvocationTargetException e) {
            throw new AssertionError(where + ": " + e.getCause(), e.getCause());
          }
        });
  }
}
