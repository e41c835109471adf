package dev.hmap.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.write.Write;
import org.junit.jupiter.api.Test;

/** The pool has a thread use its write again, so that a blocking call makes none. */
class WritePoolTest {
  private final WritePool pool = new WritePool();

  @Test
  void aWriteThatWasGivenBackIsTakenAgain() {
    Write write = pool.take();
    pool.giveBack(write);
    assertThat(pool.take()).isSameAs(write);
  }

  @Test
  void aWriteThatIsOnItsWayIsNobodyElses() {
    pool.giveBack(pool.take());
    Write onItsWay = pool.take();
    assertThat(pool.take()).isNotSameAs(onItsWay);
  }

  @Test
  void theArrayOfAnUnusuallyLongOperationIsNotKept() {
    Write write = pool.take();
    assertThat(write.begin(100_000, false)).hasSize(100_000);
    pool.giveBack(write);
    assertThat(pool.take().begin(10, false)).hasSizeLessThan(5_000);
  }
}
