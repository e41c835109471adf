package dev.hmap.table;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.error.StoreFailedException;
import dev.hmap.error.StoreFullException;
import dev.hmap.format.ExtentLayout;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.PageLayout;
import dev.hmap.io.DiskFull;
import dev.hmap.io.NativeMemory;
import dev.hmap.io.StoreFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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
 * <p>Chunk 0 covers the first 64 KiB; each chunk up to the eleventh doubles what is covered; from
 * 64 MiB on every chunk is 64 MiB. The file is extended a chunk at a time, sparsely, so the map
 * never moves and no mapping needs much of the address space at once. An extent never straddles
 * chunks. A read-only space adds memory of no file where the map must grow.
 *
 * <p>{@link #memory} may be called by any thread; everything else by the writer thread.
 */
public final class Space implements AutoCloseable {
  private static final int FIRST_SHIFT = 16;
  private static final int CHUNK_SHIFT = 26;
  private static final int LINEAR_FROM = CHUNK_SHIFT - FIRST_SHIFT;

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

  /** Extents taken since the last {@link #takeBorn}: first page to order. */
  private Map<Integer, Integer> born = new HashMap<>();

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
  }

  private void mapChunk(int chunk) throws IOException {
    long base = chunkBase(chunk);
    long end = chunkBase(chunk + 1);
    long size = file.size() & -PageLayout.PAGE_BYTES; // a torn extension may leave a part of a page
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
    }
    Memory[] grown = Arrays.copyOf(chunks, chunk + 1);
    grown[chunk] = memoryOf.apply(segment);
    chunks = grown;
  }

  /**
   * Makes sure that so many pages are free, extending the file if they are not.
   *
   * @throws IOException for one, if there is no room on the medium
   */
  void reserve(long wanted) throws IOException {
    while (allocator.freePages() < wanted) {
      grow();
    }
  }

  /** Adds a chunk and frees its pages. */
  private void grow() throws IOException {
    int chunk = chunks.length;
    int from = PageLayout.pageOf(chunkBase(chunk));
    int to = PageLayout.pageOf(chunkBase(chunk + 1));
    if (to > PageLayout.MAX_PAGES) {
      throw new StoreFullException(
          "the data file would have more than %,d pages, the limit"
              .formatted(PageLayout.MAX_PAGES));
    }
    mapChunk(chunk);
    pages = to;
    allocator.freeRange(from, to);
  }

  /**
   * Takes a free extent, extending the file if there is none. What it holds is undefined.
   *
   * @return its first page
   */
  public int allocate(int order) {
    int page = allocator.allocate(order);
    try {
      while (page == ExtentAllocator.NONE) {
        grow();
        page = allocator.allocate(order);
      }
    } catch (IOException e) {
      String message = "the data file could not be extended: " + e.getMessage();
      throw DiskFull.is(e)
          ? new StoreFullException(message, e)
          : new StoreFailedException(message, e);
    }
    born.put(page, order);
    return page;
  }

  /** Gives an extent back. */
  public void free(int page, int order) {
    allocator.free(page, order);
    born.remove(page);
  }

  /** Extents taken since the last call and not freed since: first page to order. */
  public Map<Integer, Integer> takeBorn() {
    Map<Integer, Integer> taken = born;
    born = new HashMap<>();
    return taken;
  }

  /** Undoes {@link #takeBorn} for a checkpoint that was given up. */
  public void giveBackBorn(Map<Integer, Integer> taken) {
    taken.forEach(born::putIfAbsent);
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

  /** The page behind the last one of the chunk that holds a page. */
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
