package dev.hmap.cli;

import dev.hmap.Inspection;
import java.util.List;

/**
 * What a part of the data file is used for.
 *
 * @param name of it
 * @param bytes of the file
 */
record InspectionSpace(String name, long bytes) {

  /** All parts; together they are the file. */
  static List<InspectionSpace> of(Inspection i) {
    return List.of(
        new InspectionSpace("header", i.headerBytes()),
        new InspectionSpace("directory", i.directoryBytes()),
        new InspectionSpace("buckets", i.bucketBytes()),
        new InspectionSpace("oldbuckets", i.oldBucketBytes()),
        new InspectionSpace("slabs", i.slabBytes()),
        new InspectionSpace("large", i.largeBytes()),
        new InspectionSpace("free", i.freeBytes()));
  }
}
