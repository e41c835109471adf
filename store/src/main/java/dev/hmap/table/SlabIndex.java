package dev.hmap.table;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.ExtentLayout;
import dev.hmap.format.PageLayout;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The slabs of a store by the pages that they take. Writer thread only. */
final class SlabIndex {
  private static final int BLOCK_SHIFT = ExtentLayout.MAX_SHARED_ORDER;
  private static final int BLOCK_PAGES = 1 << BLOCK_SHIFT;

  /** Per block of 4 MiB: null, or the slab of each page, or of all pages if the length is 1. */
  private @Nullable Slab[] @Nullable [] blocks = new Slab[16][];

  /** Hands over each slab, in the order of their pages. */
  void forEach(Consumer<Slab> consumer) {
    Slab last = null;
    for (@Nullable Slab[] block : blocks) {
      if (block == null) {
        continue;
      }
      for (Slab slab : block) {
        if (slab != null && slab != last) {
          consumer.accept(slab);
          last = slab;
        }
      }
    }
  }

  /**
   * The slab that an address lies in.
   *
   * @throws StoreCorruptException if there is none
   */
  Slab at(long address) {
    int page = PageLayout.pageOf(address);
    @Nullable Slab[] block =
        page >>> BLOCK_SHIFT < blocks.length ? blocks[page >>> BLOCK_SHIFT] : null;
    Slab slab = null;
    if (block != null) {
      slab = block.length == 1 ? block[0] : block[page & BLOCK_PAGES - 1];
    }
    if (slab == null) {
      throw new StoreCorruptException("there is no entry at address %,d".formatted(address));
    }
    return slab;
  }

  /** Adds a slab. */
  void add(Slab slab) {
    int block = slab.page >>> BLOCK_SHIFT;
    int end = Math.max(block + 1, slab.page + (1 << slab.order) >>> BLOCK_SHIFT);
    if (end > blocks.length) {
      blocks = Arrays.copyOf(blocks, Math.max(end, 2 * blocks.length));
    }
    if (slab.order >= BLOCK_SHIFT) {
      for (int i = block; i < end; i++) {
        blocks[i] = new Slab[] {slab};
      }
      return;
    }
    @Nullable Slab[] pages = blocks[block];
    if (pages == null || pages.length == 1) {
      pages = new Slab[BLOCK_PAGES];
      blocks[block] = pages;
    }
    int first = slab.page & BLOCK_PAGES - 1;
    Arrays.fill(pages, first, first + (1 << slab.order), slab);
  }

  /** Removes a slab. */
  void remove(Slab slab) {
    int block = slab.page >>> BLOCK_SHIFT;
    if (slab.order >= BLOCK_SHIFT) {
      int end = slab.page + (1 << slab.order) >>> BLOCK_SHIFT;
      Arrays.fill(blocks, block, end, null);
      return;
    }
    @Nullable Slab[] pages = blocks[block];
    if (pages != null) {
      int first = slab.page & BLOCK_PAGES - 1;
      Arrays.fill(pages, first, first + (1 << slab.order), null);
    }
  }

  /** Removes all. */
  void clear() {
    blocks = new Slab[16][];
  }
}
