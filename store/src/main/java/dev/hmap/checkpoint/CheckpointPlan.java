package dev.hmap.checkpoint;

import dev.hmap.format.ExtentRecord;
import dev.hmap.format.StoreHeader;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/**
 * What a checkpoint froze when it began. Immutable from then on.
 *
 * @param before the header that counts until then
 * @param header with which it will end
 * @param extents in use, sorted by page
 * @param directory their records, encoded
 * @param durablyUsed pages that the checkpoint before uses: they must not be written in place
 *     before this one is committed
 * @param used pages that this one uses
 * @param newExtents extents taken since the checkpoint before, by first page: they have no valid
 *     sums yet
 * @param frozen pages that were dirty
 */
record CheckpointPlan(
    StoreHeader before,
    StoreHeader header,
    List<ExtentRecord> extents,
    ByteBuffer directory,
    BitSet durablyUsed,
    BitSet used,
    Map<Integer, Integer> newExtents,
    BitSet frozen) {}
