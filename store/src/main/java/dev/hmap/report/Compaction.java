package dev.hmap.report;

/**
 * What {@link dev.hmap.HMapAdmin#compact} did.
 *
 * @param entries in the store
 * @param bytesBefore length of the data file before
 * @param bytesAfter and after
 * @param loadFactorBefore entries for each root bucket before
 * @param loadFactorAfter and after
 */
public record Compaction(
    long entries,
    long bytesBefore,
    long bytesAfter,
    double loadFactorBefore,
    double loadFactorAfter) {}
