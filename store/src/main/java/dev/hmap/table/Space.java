package dev.hmap.table;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.error.StoreFailedException;
import dev.hmap.error.StoreFullException;
import dev.hmap.format.Directory;
import dev.hmap.format.ExtentLayout;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.PageLayout;
import dev.hmap.io.DiskFull;
import dev.hmap.io.NativeMemory;
import dev.hmap.io.StoreFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The data file as memory: mapped in chunks, divided into extents.
 *
 * <p>Chunk 0 covers the first 64 KiB; each chunk up to the twelfth doubles what is covered; from
 * 128 MiB on every chunk is 128 MiB. The file is extended a chunk at a time, sparsely, so the map
 * never moves and no mapping needs much of the address space at once. An extent never straddles
 * chunks. A read-only space adds memory of no file where the map must grow.
 *
 * <p>{@link #memory} may be called by any thread; everything else by the writer thread.
 */
public final class Space implements AutoCloseable {
  private static final int FIRST_SHIFT = 16;
  private static final int CHUNK_SHIFT = 27;
  private static final int LINEAR_FROM = CHUNK_SHIFT - FIRST_SHIFT;

  /** A chunk of fewer bytes is read whole at once anyway. */
  private static final long MIN_RANDOM_BYTES = 1 << 20;

  private final StoreFile file;
  private final Access access;
  private final Function<MemorySegment, Memory> memoryOf;

  /**
   * No mapping is ever taken from under a reader: the collector unmaps it, when no reader is left.
   * Unmapping it before should end accesses with an exception; but JDK 25 has compiled code that
   * looks whether it may access, lets the unmapping pass, and then accesses. The JVM crashes.
   */
  private final Arena arena = Arena.ofAuto();

  private final ExtentAllocator allocator = new ExtentAllocator();
  private volatile Memory[] chunks = {};
  private int pages;
  private boolean isClosed;
  private boolean holdsFile;
  private Limits limits = Limits.FORMAT;

  /** Extents in use. */
  private int extents;

  /** The orders of the directories, the older one first: two while a checkpoint is under way. */
  private final List<Integer> directories = new ArrayList<>();

  /** How many directories were secured, and of which order. */
  private int securedDirectories;

  private int directoryOrder;

  /** What those directories may hold of evacuated units. */
  private long evacuatedBytes;

  /** Why the file could not be extended since {@link #tryGrowing}. */
  private @Nullable StoreFullException full;

  /** Extents taken since the last {@link #takeNewExtents}: first page to order. */
  private Map<Integer, Integer> newExtents = new HashMap<>();

  /** What is done with a space. */
  public enum Access {
    /** It is changed in memory, and the file is extended with it. */
    WRITE,
    /** It is changed in memory only. */
    WRITE_PRIVATELY,
    /** It is not changed. */
    READ
  }

  /**
   * The space of an open data file. Call {@link #load} next.
   *
   * @param file open for writing if that is what is done
   */
  public Space(StoreFile file, Access access) {
    this(file, access, MappedMemory::new);
  }

  /**
   * The same with another {@link Memory} over what the file maps: {@link #segment} is not for it.
   */
  Space(StoreFile file, Access access, Function<MemorySegment, Memory> memoryOf) {
    this.file = file;
    this.access = access;
    this.memoryOf = memoryOf;
  }

  /** Whether the file is extended with it. */
  public boolean isWritable() {
    return access == Access.WRITE;
  }

  static int chunkOf(long address) {
    return address >>> CHUNK_SHIFT == 0
        ? Long.SIZE - Long.numberOfLeadingZeros(address >>> FIRST_SHIFT)
        : LINEAR_FROM + (int) (address >>> CHUNK_SHIFT);
  }

  static long chunkBase(int chunk) {
    if (chunk == 0) {
      return 0;
    }
    return chunk <= LINEAR_FROM
        ? 1L << FIRST_SHIFT + chunk - 1
        : (long) (chunk - LINEAR_FROM) << CHUNK_SHIFT;
  }

  /**
   * Maps the file and takes the extents in use.
   *
   * @param used the directory's records, in any order
   * @throws StoreCorruptException if extents overlap or lie outside the file
   */
  public void load(List<ExtentRecord> used) throws IOException {
    long bytes = file.size();
    int filePages = (int) Math.min(bytes >>> PageLayout.PAGE_SHIFT, PageLayout.MAX_PAGES);
    int chunk = 0;
    while (PageLayout.pageOf(chunkBase(chunk)) < filePages || chunk == 0) {
      mapChunk(chunk++);
    }
    pages = access == Access.WRITE ? PageLayout.pageOf(chunkBase(chunk)) : filePages;
    int next = PageLayout.HEADER_PAGES;
    List<ExtentRecord> sorted =
        used.stream().sorted(Comparator.comparingInt(ExtentRecord::page)).toList();
    for (ExtentRecord r : sorted) {
      long end = r.page() + (1L << Math.min(r.order(), 31));
      if (r.order() > ExtentLayout.MAX_ORDER
          || r.page() < next
          || end > pages
          || (r.page() & (1 << r.order()) - 1) != 0) {
        throw new StoreCorruptException(
            "the extent of order %d at page %d overlaps another or lies outside the file's %d pages"
                .formatted(r.order(), r.page(), pages));
      }
      allocator.freeRange(next, r.page());
      next = (int) end;
    }
    allocator.freeRange(next, pages);
    extents = used.size();
    for (ExtentRecord r : used) {
      if (r.kind() == ExtentRecord.KIND_DIRECTORY) {
        directories.add(r.order());
      }
    }
  }

  /** Sets how large the store may become from now on. Default: what the format allows. */
  public void setLimits(Limits other) {
    limits = other;
  }

  /** How large the store may become. */
  Limits limits() {
    return limits;
  }

  private void mapChunk(int chunk) throws IOException {
    long base = chunkBase(chunk);
    long end = chunkBase(chunk + 1);
    long size = file.size() & -PageLayout.PAGE_BYTES; // a torn extension may leave a part of a page
    boolean isHole = size <= base;
    if (access == Access.WRITE && size < end) {
      file.resize(end);
      size = end;
    }
    MemorySegment segment;
    if (size <= base) {
      segment = arena.allocate(end - base, PageLayout.PAGE_BYTES);
    } else if (access == Access.READ) {
      segment = file.mapReadOnly(base, Math.min(size, end) - base, arena);
    } else {
      segment = file.map(base, Math.min(size, end) - base, arena);
      if (isHole && segment.byteSize() >= MIN_RANDOM_BYTES) {
        boolean _ = NativeMemory.adviseRandom(segment); // nothing is there to be read ahead
      }
    }
    Memory[] grown = Arrays.copyOf(chunks, chunk + 1);
    grown[chunk] = memoryOf.apply(segment);
    chunks = grown;
  }

  /**
   * Lets the file be extended again where that failed before. It is not tried for each write again:
   * on some media it costs as much as writing what is missing.
   */
  void tryGrowing() {
    full = null;
  }

  /**
   * Promises this many extents of each order, the directories of checkpoints, and no others; the
   * file is extended if they cannot be supplied from what is free.
   *
   * @param evacuated bytes at most that a directory has of evacuated units
   * @throws StoreFullException if they cannot be supplied; what was promised before stays so
   * @throws IOException if a call failed for another reason
   */
  void secure(long[] demand, long evacuated) throws IOException {
    boolean _ = secure(demand, evacuated, true);
  }

  /** The same if they can be supplied from what is free; else nothing changes. */
  boolean secureWithinFile(long[] demand, long evacuated) {
    try {
      return secure(demand, evacuated, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean secure(long[] demand, long evacuated, boolean mayGrow) throws IOException {
    long more = 1;
    for (long n : demand) {
      more += n;
    }
    Limits ofWrites = limits.ofWrites();
    if (extents + more > ofWrites.extents()) {
      throw new StoreFullException(
          "%,d extents are in use and %,d more may be needed: the limit is %,d"
              .formatted(extents, more, ofWrites.extents()));
    }
    long[] all = demand.clone();
    int order = Directory.order((int) (extents + more), evacuated, Directory.MAX_MARK_BYTES);
    int wanted = directoriesWanted(order);
    all[order] += wanted;
    if (mayGrow) {
      growFor(all, ofWrites.pages());
    } else if (!allocator.canSupply(all)) {
      return false;
    }
    allocator.secure(all);
    directoryOrder = order;
    securedDirectories = wanted;
    evacuatedBytes = evacuated;
    return true;
  }

  /**
   * Directories that must be secured besides those there are: one for the next checkpoint, and one
   * for that after it, unless they can take turns with one that is long enough.
   */
  private int directoriesWanted(int order) {
    if (directories.isEmpty()) {
      return 1;
    }
    int wanted = directories.getLast() < order ? 2 : 1;
    return directories.size() > 1 && directories.getFirst() >= order ? wanted - 1 : wanted;
  }

  /**
   * Promises more extents of one order.
   *
   * @throws StoreFullException if they cannot be supplied
   * @throws IOException if a call failed for another reason
   */
  void secureMore(int order, long more) throws IOException {
    long[] demand = allocator.secured().clone();
    demand[directoryOrder] -= securedDirectories; // they will be longer
    demand[order] += more;
    secure(demand, evacuatedBytes);
  }

  /** Promises more extents of one order if fewer are promised. */
  void ensure(int order, long wanted) throws IOException {
    long more = wanted - allocator.secured()[order];
    if (more > 0) {
      secureMore(order, more);
    }
  }

  /** Takes all promises back. */
  void secureNothing() {
    allocator.secure(ExtentAllocator.noDemand());
    securedDirectories = 0;
  }

  private void growFor(long[] demand, int maxPages) throws IOException {
    while (!allocator.canSupply(demand)) {
      grow(maxPages);
    }
  }

  /** Adds a chunk and frees its pages. */
  private void grow(int maxPages) throws IOException {
    StoreFullException before = full;
    if (before != null) {
      throw before;
    }
    int chunk = chunks.length;
    int from = PageLayout.pageOf(chunkBase(chunk));
    int to = PageLayout.pageOf(chunkBase(chunk + 1));
    if (to > maxPages) {
      throw new StoreFullException(
          "the data file would have %,d pages: the limit is %,d".formatted(to, maxPages));
    }
    try {
      mapChunk(chunk);
    } catch (IOException e) {
      if (!DiskFull.is(e)) {
        throw e;
      }
      full =
          new StoreFullException(
              "the data file could not be extended to %,d pages: %s".formatted(to, e.getMessage()),
              e);
      throw full;
    }
    pages = to;
    allocator.freeRange(from, to);
  }

  /**
   * Takes a free extent, a promised one if there is any of its order, extending the file if none is
   * free. What it holds is undefined.
   *
   * @return its first page
   * @throws StoreFullException if there is none and the file cannot be extended
   */
  public int allocate(int order) {
    int page = allocator.allocate(order);
    try {
      while (page == ExtentAllocator.NONE) {
        grow(limits.pages());
        page = allocator.allocate(order);
      }
    } catch (IOException e) {
      throw new StoreFailedException("the data file could not be extended: " + e.getMessage(), e);
    }
    take(page, order);
    return page;
  }

  private void take(int page, int order) {
    newExtents.put(page, order);
    extents++;
  }

  /**
   * The order of the extent that a directory shall have: as long a one as was secured, so that it
   * can take turns with the next.
   *
   * @param order that is long enough for it now
   */
  public int directoryOrder(int order) {
    return securedDirectories > 0 ? Math.max(order, directoryOrder) : order;
  }

  /**
   * Takes an extent for a directory, which was secured with the last write.
   *
   * @return its first page
   * @throws StoreFullException if there is none and the file cannot be extended
   */
  public int allocateDirectory(int order) {
    if (order > ExtentLayout.MAX_ORDER || extents > limits.extents()) {
      throw new StoreFullException(
          "the directory would list %,d extents: the limit is %,d"
              .formatted(extents, limits.extents()));
    }
    long[] all = allocator.secured().clone();
    int taken = Math.min(1, securedDirectories);
    all[directoryOrder] -= taken;
    all[order]++;
    tryGrowing();
    try {
      growFor(all, limits.pages());
    } catch (IOException e) {
      throw new StoreFailedException("the data file could not be extended: " + e.getMessage(), e);
    }
    allocator.secure(all);
    securedDirectories -= taken;
    int page = allocate(order);
    directories.add(order);
    return page;
  }

  /**
   * Takes a free extent beside those that were promised, unless the file would have to be extended.
   *
   * @return its first page, or {@link ExtentAllocator#NONE}
   */
  int allocateBeside(int order) {
    int page = allocator.allocateBeside(order);
    if (page != ExtentAllocator.NONE) {
      take(page, order);
    }
    return page;
  }

  /**
   * Where the next extents of an order would lie, of which none is taken; the file is extended if
   * it has no room for them.
   *
   * @return their first pages
   * @throws StoreFullException if the file cannot be extended
   */
  List<Integer> nextExtents(int order, long count) throws IOException {
    long[] all = allocator.secured().clone();
    all[order] = Math.max(all[order], count);
    growFor(all, limits.ofWrites().pages());
    return allocator.next(order, all[order]);
  }

  /** Gives an extent back. */
  public void free(int page, int order) {
    allocator.free(page, order);
    newExtents.remove(page);
    extents--;
  }

  /** Extents taken since the last call and not freed since: first page to order. */
  public Map<Integer, Integer> takeNewExtents() {
    Map<Integer, Integer> taken = newExtents;
    newExtents = new HashMap<>();
    return taken;
  }

  /** Gives the extent of a directory back. */
  public void freeDirectory(int page, int order) {
    free(page, order);
    directories.remove(Integer.valueOf(order));
  }

  /** Undoes {@link #takeNewExtents} for a checkpoint that was given up. */
  public void restoreNewExtents(Map<Integer, Integer> taken) {
    taken.forEach(newExtents::putIfAbsent);
  }

  /** The memory of the chunk that holds an address, or null beyond the last. Any thread. */
  public @Nullable Memory memory(long address) {
    Memory[] all = chunks;
    int chunk = chunkOf(address);
    return chunk < all.length ? all[chunk] : null;
  }

  /** The same where the address is known to lie within. */
  Memory memoryAt(long address) {
    Memory memory = memory(address);
    if (memory == null) {
      throw new StoreCorruptException("address %,d lies outside the file".formatted(address));
    }
    return memory;
  }

  /** Where an address lies in its chunk. */
  public static long offset(long address) {
    return address - chunkBase(chunkOf(address));
  }

  /** The segment of a run of pages within one chunk. */
  public MemorySegment segment(int page, int count) {
    long address = PageLayout.addressOf(page);
    return ((MappedMemory) memoryAt(address))
        .segment()
        .asSlice(offset(address), (long) count << PageLayout.PAGE_SHIFT);
  }

  /** The page after the last one of the chunk that holds a page. */
  public int runEnd(int page) {
    return PageLayout.pageOf(chunkBase(chunkOf(PageLayout.addressOf(page)) + 1));
  }

  /** Pages of the file, used and free. */
  public int pages() {
    return pages;
  }

  /** Pages that are free. */
  public long freePages() {
    return allocator.freePages();
  }

  /**
   * The pages that a set of records uses, headers included.
   *
   * @param records of a directory
   */
  public static BitSet used(List<ExtentRecord> records) {
    BitSet used = new BitSet();
    used.set(0, PageLayout.HEADER_PAGES);
    for (ExtentRecord r : records) {
      used.set(r.page(), r.page() + (1 << r.order()));
    }
    return used;
  }

  /**
   * Lets go of the file, once: gives file and memory back where that is possible under readers.
   * They must have been told before that what they read does not count any more: an access that is
   * under way sees other bytes. Nothing may be stored any more.
   */
  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    for (Memory chunk : chunks) {
      if (chunk instanceof MappedMemory mapped && mapped.segment().isMapped()) {
        giveBack(mapped.segment());
      }
    }
  }

  /**
   * A process that only reads, and may be over in a moment, does not make its first call of the
   * system for this: there is little to give back.
   */
  private void giveBack(MemorySegment mapping) {
    boolean isWorthACall = access == Access.WRITE || NativeMemory.isWarm();
    if (!isWorthACall || !NativeMemory.replaceByZeros(mapping)) {
      holdsFile = true;
      if (access != Access.READ) {
        mapping.unload(); // its private copies of pages, at least
      }
    }
  }

  /**
   * Whether a reader may still have the file before it, although the space is closed: then the file
   * must not be cut.
   */
  public boolean holdsFile() {
    return holdsFile;
  }
}
