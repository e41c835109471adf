package dev.hmap.io;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class MachineMemoryTest {
  @Test
  void theLimitOfAContainerIsTheOneThatTheJvmSees() {
    assertThat(MachineMemory.bytes(1 << 20)).isPositive();
    MachineMemory.ask();
    OperatingSystemMXBean bean = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    assertThat(MachineMemory.bytes(1 << 20)).isEqualTo(bean.getTotalMemorySize());
  }
}
