package dev.hmap.table;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whichever allocation fails, what is refused leaves no trace, and nothing else is refused. */
@Timeout(300)
@Tag("promise:4")
class ScarceRoomTest {
  private static final int SEEDS = 2;

  @ParameterizedTest
  @EnumSource(ScarceRoom.Phase.class)
  void anAllocationThatFailsLeavesAChainHalfChanged(ScarceRoom.Phase phase) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      ScarceRoom.run(phase, false, seed);
      ScarceRoom.run(phase, true, seed);
    }
  }
}
