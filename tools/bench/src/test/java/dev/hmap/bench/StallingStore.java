package dev.hmap.bench;

import java.util.function.BiConsumer;

/** Its tenth put takes long; all others take no time. */
final class StallingStore implements Store<Long, Long> {
  private final int stallMs;
  private int puts;

  StallingStore(int stallMs) {
    this.stallMs = stallMs;
  }

  @Override
  public Long get(Long key) {
    return key;
  }

  @Override
  public void put(Long key, Long value) {
    puts++;
    if (puts == 10) {
      try {
        Thread.sleep(stallMs);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Override
  public void forEach(BiConsumer<? super Long, ? super Long> visitor) {}

  @Override
  public void close() {}
}
