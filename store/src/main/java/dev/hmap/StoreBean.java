package dev.hmap;

import dev.hmap.event.Log;
import dev.hmap.format.FileNames;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * The bean of one open map. That it cannot be registered, or not be taken away, is logged and harms
 * nothing. Thread-safe.
 */
final class StoreBean implements HMapMXBean {
  /** Whether the map can be open more than once. */
  enum Mode {
    WRITABLE,
    READ_ONLY
  }

  private static final long KEPT_NANOS = 100_000_000;
  private static final AtomicLong READERS = new AtomicLong();

  private final String path;
  private final String name;
  private final Supplier<HMapStats> stats;

  // Guarded by this.
  private @Nullable ObjectName registered;
  private boolean isClosed;

  // Guarded by stats: asking for a snapshot waits for the writer, and closing must not wait for it.
  private @Nullable HMapStats snapshot;
  private long snapshotNanos;

  /** The bean of a map that is being opened; {@link #register} it when that is done. */
  StoreBean(FileNames names, Mode mode, Supplier<HMapStats> stats) {
    this.path = names.absolute();
    this.name =
        "dev.hmap:type=HMap,name="
            + ObjectName.quote(path)
            + (mode == Mode.READ_ONLY ? ",reader=" + READERS.incrementAndGet() : "");
    this.stats = stats;
  }

  /**
   * Registers it; on another thread where there is no MBean server yet, because the platform's
   * takes a tenth of a second to make.
   */
  void register() {
    try {
      if (MBeanServerFactory.findMBeanServer(null).isEmpty()) {
        Thread.ofPlatform()
            .inheritInheritableThreadLocals(false)
            .daemon()
            .name("hmap-bean")
            .start(this::registerNow);
        return;
      }
    } catch (OutOfMemoryError e) {
      log("registered", e); // no thread to be had
      return;
    }
    registerNow();
  }

  private void registerNow() {
    try {
      var server = ManagementFactory.getPlatformMBeanServer();
      synchronized (this) {
        if (!isClosed) {
          registered = server.registerMBean(this, new ObjectName(name)).getObjectName();
        }
      }
    } catch (Throwable e) { // the server may be anybody's
      log("registered", e);
    }
  }

  /** Takes it away, once. */
  synchronized void unregister() {
    isClosed = true;
    ObjectName left = registered;
    if (left != null) {
      try {
        ManagementFactory.getPlatformMBeanServer().unregisterMBean(left);
        registered = null; // a call that was cut off before may be repeated
      } catch (StackOverflowError e) {
        throw e;
      } catch (Throwable e) {
        log("unregistered", e);
      }
    }
  }

  private void log(String what, Throwable e) {
    Log.warn(() -> "%s could not be %s: %s".formatted(name, what, e));
  }

  private HMapStats recent() {
    synchronized (stats) {
      HMapStats recent = snapshot;
      if (recent == null || System.nanoTime() - snapshotNanos > KEPT_NANOS) {
        recent = stats.get();
        snapshot = recent;
        snapshotNanos = System.nanoTime();
      }
      return recent;
    }
  }

  @Override
  public String getPath() {
    return path;
  }

  @Override
  public long getCount() {
    return recent().count();
  }

  @Override
  public HMapStats.Growth getGrowth() {
    return recent().growth();
  }

  @Override
  public HMapStats.Space getSpace() {
    return recent().space();
  }

  @Override
  public HMapStats.Log getLog() {
    return recent().log();
  }

  @Override
  public HMapStats.Writes getWrites() {
    return recent().writes();
  }

  @Override
  public HMapStats.Opening getOpening() {
    return recent().opening();
  }

  @Override
  public HMapStats.Lag getLag() {
    return recent().lag();
  }
}
