/** Reports: what {@link dev.hmap.HMapAdmin} finds and does, as data. */
@org.jspecify.annotations.NullMarked
package dev.hmap.report;
