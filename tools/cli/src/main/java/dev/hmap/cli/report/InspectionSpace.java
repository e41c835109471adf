package dev.hmap.cli.report;

import dev.hmap.report.Census;
import dev.hmap.report.Inspection;
import java.util.List;

/**
 * What a part of the data file is used for.
 *
 * @param name of it
 * @param bytes of the file
 */
public record InspectionSpace(String name, long bytes) {
  private static final int REFERENCE_BYTES = 8; // in a slot, to an entry outside the bucket
  private static final int ENTRY_HEADER_BYTES = 8;
  private static final int STAMP_BYTES = 8;
  private static final int LINK_BYTES = 8; // overflow and version of a bucket

  /** All parts by where they are; together they are the file. */
  static List<InspectionSpace> of(Inspection i) {
    long roots = (long) i.bytesPerBucket() << i.B();
    long overflow = i.noverflow() * i.bytesPerBucket();
    return List.of(
        new InspectionSpace("header", i.headerBytes()),
        new InspectionSpace("directory", i.directoryBytes()),
        new InspectionSpace("roots", roots),
        new InspectionSpace("overflow", overflow),
        new InspectionSpace("spare", i.bucketBytes() - roots - overflow),
        new InspectionSpace("oldbuckets", i.oldBucketBytes()),
        new InspectionSpace("slabs", i.slabBytes()),
        new InspectionSpace("large", i.largeBytes()),
        new InspectionSpace("free", i.freeBytes()));
  }

  /**
   * All parts by what for; together they are the file. Payload is keys and values; overhead what
   * finds them: header, directory, tophashes, references, lengths, stamps, links; overflow the rest
   * of overflow buckets; slack the rest of what is in use: empty slots of root buckets, the
   * remainder of size classes, buckets evacuated or spare.
   */
  public static List<InspectionSpace> byUse(Inspection i) {
    Census census = i.census();
    long entries = census.old().entries() + census.current().entries();
    boolean outside = i.keyWidth() == 0 || i.valueWidth() == 0;
    int stamp = i.timeToLiveMillis() > 0 ? STAMP_BYTES : 0;
    int find = 1 + (outside ? REFERENCE_BYTES : 0); // tophash
    long payload = census.keyBytes() + census.valueBytes();
    long overhead =
        i.headerBytes()
            + i.directoryBytes()
            + entries * (find + stamp + (outside ? ENTRY_HEADER_BYTES : 0))
            + LINK_BYTES * (census.old().chains() + census.current().chains());
    int inBucket = i.keyWidth() + i.valueWidth() + find;
    long overflow = 0;
    for (Census.Chains half : List.of(census.old(), census.current())) {
      overflow += half.overflowBuckets() * i.bytesPerBucket() - half.overflowEntries() * inBucket;
    }
    long slack = i.fileBytes() - payload - overhead - overflow - i.freeBytes();
    return List.of(
        new InspectionSpace("payload", payload),
        new InspectionSpace("overhead", overhead),
        new InspectionSpace("slack", slack),
        new InspectionSpace("overflow", overflow),
        new InspectionSpace("free", i.freeBytes()));
  }
}
