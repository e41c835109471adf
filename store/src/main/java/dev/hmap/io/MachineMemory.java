package dev.hmap.io;

import com.sun.management.OperatingSystemMXBean;
import dev.hmap.event.Log;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How much memory this process may have: the machine's, or the limit of the container it is in,
 * nested ones too. The JVM knows it; its bean takes a tenth of a second to load, and so is asked
 * once, on another thread. Thread-safe.
 */
public final class MachineMemory {
  private static final AtomicBoolean IS_ASKED = new AtomicBoolean();
  private static volatile long bytes;

  private MachineMemory() {}

  /** Bytes, or {@code otherwise} until they are known. */
  public static long bytes(long otherwise) {
    if (bytes == 0 && IS_ASKED.compareAndSet(false, true)) {
      begin();
    }
    long known = bytes;
    return known == 0 ? otherwise : known;
  }

  private static void begin() {
    try {
      Thread.ofPlatform().daemon().name("hmap-memory").start(MachineMemory::ask);
    } catch (OutOfMemoryError _) {
      IS_ASKED.set(false); // no thread to be had: the next one asks
    }
  }

  /** Asks the JVM and waits for it. */
  static void ask() {
    try {
      bytes = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    } catch (RuntimeException | LinkageError e) {
      Log.debug(() -> "the memory of this machine is not known: " + e);
    }
  }
}
