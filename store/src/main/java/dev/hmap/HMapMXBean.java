package dev.hmap;

/**
 * How an open store stands, for JConsole and others that speak JMX. Each attribute is the part of
 * {@link HMapStats} of that name, a composite of its components. The platform's MBean server has
 * the bean from opening to {@link HMap#close} as
 *
 * <pre>{@code
 * dev.hmap:type=HMap,name="/absolute/path/of/data/file"
 * dev.hmap:type=HMap,name="/absolute/path/of/data/file",reader=7
 * }</pre>
 *
 * <p>the second for a map that is open for reading, with a number of which each has its own.
 *
 * <p>Where the JVM has no MBean server yet, making it takes a tenth of a second; opening does not
 * wait for that, and the bean comes after it. Attributes that are read together are of one moment,
 * at most 100 ms old. Thread-safe.
 */
public interface HMapMXBean {
  /** Absolute path of the data file. */
  String getPath();

  /** Entries. */
  long getCount();

  /** How large the map is, and how far a growth is. */
  HMapStats.Growth getGrowth();

  /** What the data file and memory hold. */
  HMapStats.Space getSpace();

  /** What the log holds, and how long it takes to force and to shorten it. */
  HMapStats.Log getLog();

  /** Writes since opening, by kind. */
  HMapStats.Writes getWrites();

  /** What opening had to do. */
  HMapStats.Opening getOpening();

  /** How far a map that is open for reading is behind the writer. */
  HMapStats.Lag getLag();
}
