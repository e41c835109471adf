/** hmap: an embedded, durable lookup table. */
module dev.hmap {
  requires com.lmax.disruptor;
  requires com.dynatrace.hash4j;
  requires static transitive org.jspecify;

  exports dev.hmap.error;
}
