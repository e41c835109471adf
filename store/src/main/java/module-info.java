/** hmap: an embedded, durable lookup table. */
@SuppressWarnings("requires-automatic") // HdrHistogram has no module descriptor
module dev.hmap {
  requires com.dynatrace.hash4j;
  requires com.lmax.disruptor;
  requires java.management;
  requires jdk.management;
  requires jdk.jfr;
  requires HdrHistogram;
  requires static transitive org.jspecify;

  exports dev.hmap;
  exports dev.hmap.error;
  exports dev.hmap.report;
}
