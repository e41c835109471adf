package dev.hmap;

import dev.hmap.format.PageLayout;
import dev.hmap.format.StoreHeader;
import dev.hmap.report.Finding;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * Verifies every store that a test has left in its temporary folder: each checksum and the whole
 * structure. Registered for all tests; one that damages a store says so with {@link LeavesDamage}.
 */
public final class SoundStores implements AfterEachCallback {
  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    if (context.getExecutionException().isPresent() || isExempt(context)) {
      return;
    }
    List<String> damage = new ArrayList<>();
    for (Object instance : context.getRequiredTestInstances().getAllInstances()) {
      for (Field field : folders(instance.getClass())) {
        if (ReflectionSupport.tryToReadFieldValue(field, instance).get() instanceof Path folder) {
          check(folder, damage);
        }
      }
    }
    if (!damage.isEmpty()) {
      throw new AssertionError("the test left damage: " + damage);
    }
  }

  private static boolean isExempt(ExtensionContext context) {
    return AnnotationSupport.isAnnotated(context.getRequiredTestMethod(), LeavesDamage.class)
        || AnnotationSupport.isAnnotated(context.getRequiredTestClass(), LeavesDamage.class);
  }

  private static List<Field> folders(Class<?> type) {
    return AnnotationSupport.findAnnotatedFields(
        type, TempDir.class, _ -> true, HierarchyTraversalMode.TOP_DOWN);
  }

  private static void check(Path folder, List<String> damage) throws IOException {
    List<Path> stores;
    try (Stream<Path> all = Files.walk(folder)) {
      stores = all.filter(SoundStores::isStore).toList();
    }
    for (Path store : stores) {
      HMapAdmin.verify(store, _ -> {}).findings().stream()
          .filter(Finding::isDamage)
          .forEach(finding -> damage.add(store + ": " + finding.what()));
    }
  }

  private static boolean isStore(Path file) {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      ByteBuffer head =
          ByteBuffer.wrap(in.readNBytes(2 * PageLayout.PAGE_BYTES)).order(ByteOrder.LITTLE_ENDIAN);
      return head.capacity() == 2 * PageLayout.PAGE_BYTES
          && (StoreHeader.hasMagic(head)
              || StoreHeader.hasMagic(
                  head.slice(PageLayout.PAGE_BYTES, PageLayout.PAGE_BYTES)
                      .order(ByteOrder.LITTLE_ENDIAN)));
    } catch (IOException _) {
      return false; // it may not be read, as that test wants it
    }
  }
}
