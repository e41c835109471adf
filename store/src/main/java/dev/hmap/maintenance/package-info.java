/** Maintenance of store files without their codecs: inspect, verify, back up, compact, salvage. */
@NullMarked
package dev.hmap.maintenance;

import org.jspecify.annotations.NullMarked;
