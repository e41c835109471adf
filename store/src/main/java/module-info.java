/** hmap: an embedded, durable lookup table. */
module dev.hmap {
  requires com.dynatrace.hash4j;
  requires com.lmax.disruptor;
  requires static transitive org.jspecify;

  exports dev.hmap;
  exports dev.hmap.error;
}
