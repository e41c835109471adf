package dev.hmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.management.JMException;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The beans of open maps, as the platform's MBean server shows them. */
class HMapMXBeanTest {
  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

  @TempDir Path folder;

  @Test
  void anOpenMapHasABeanUntilItIsClosed() throws JMException {
    HMap<Long, Long> map = HMap.open(path(), Codec.LONG, Codec.LONG);
    map.put(1L, 1L);
    map.put(2L, 2L);
    assertThat(beans("")).isEqualTo(Set.of(name()));
    assertThat(server.getAttribute(name(), "Path")).isEqualTo(path().toString());
    assertThat(server.getAttribute(name(), "Count")).isEqualTo(2L);
    assertThat(server.getAttribute(name(), "Growth"))
        .isInstanceOfSatisfying(CompositeData.class, c -> assertThat(c.get("b")).isEqualTo(0));
    assertThat(server.getAttribute(name(), "Log"))
        .isInstanceOfSatisfying(
            CompositeData.class,
            log ->
                assertThat(log.get("forceTimes"))
                    .isInstanceOfSatisfying(
                        CompositeData.class,
                        times -> assertThat(times.get("count")).isEqualTo(2L)));
    for (String part : new String[] {"Space", "Writes", "Opening", "Lag"}) {
      assertThat(server.getAttribute(name(), part)).isInstanceOf(CompositeData.class);
    }
    map.close();
    assertThat(beans(",*")).isEmpty();
  }

  @Test
  void attributesReadTogetherAreOneSnapshot() throws JMException {
    try (HMap<Long, Long> map = HMap.open(path(), Codec.LONG, Codec.LONG)) {
      HMapMXBean bean = JMX.newMXBeanProxy(server, name(), HMapMXBean.class);
      boolean isKept = false;
      boolean isRenewed = false;
      long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      for (long i = 0; !(isKept && isRenewed) && System.nanoTime() < giveUp; i++) {
        long before = bean.getCount();
        map.put(i, i);
        isKept |= bean.getCount() == before && before == i;
        isRenewed |= bean.getWrites().puts() == i + 1;
      }
      assertThat(isKept).as("attributes come from one snapshot").isTrue();
      assertThat(isRenewed).as("which does not live long").isTrue();
    }
  }

  @Test
  void aMapOpenedWithoutOneHasNone() throws JMException {
    try (HMap<Long, Long> map = HMap.at(path(), Codec.LONG, Codec.LONG).withoutBean().open()) {
      map.put(1L, 1L);
      assertThat(beans(",*")).isEmpty();
      assertThat(server.isRegistered(name())).isFalse();
    }
  }

  @Test
  void eachOfTwoReadersHasABeanOfItsOwn() throws JMException {
    HMap.open(path(), Codec.LONG, Codec.LONG).close();
    HMapBuilder<Long, Long> reading = HMap.at(path(), Codec.LONG, Codec.LONG).readOnly();
    HMap<Long, Long> one = reading.open();
    HMap<Long, Long> other = reading.open();
    assertThat(beans(",reader=*")).hasSize(2);
    one.close();
    one.close();
    assertThat(beans(",reader=*"))
        .singleElement()
        .satisfies(left -> assertThat(server.getAttribute(left, "Count")).isEqualTo(0L));
    other.close();
    assertThat(beans(",*")).isEmpty();
  }

  @Test
  void aNameThatIsTakenHarmsNothing() throws JMException {
    server.registerMBean(new Squatter(), name());
    try (HMap<Long, Long> map = HMap.open(path(), Codec.LONG, Codec.LONG)) {
      map.put(1L, 1L);
      assertThat(map.get(1L)).isOne();
    }
    assertThat(server.isRegistered(name())).as("it is not ours to take away").isTrue();
    server.unregisterMBean(name());
  }

  @Test
  void aBeanTakenAwayByAnotherHarmsNothing() throws JMException {
    HMap<Long, Long> map = HMap.open(path(), Codec.LONG, Codec.LONG);
    server.unregisterMBean(name());
    map.close();
    assertThat(beans(",*")).isEmpty();
  }

  /** Has nothing to say. */
  public interface SquatterMBean {}

  private static final class Squatter implements SquatterMBean {}

  private Path path() {
    return folder.resolve("of, \"all\" =*? names.hmap");
  }

  private ObjectName name() throws JMException {
    return new ObjectName("dev.hmap:type=HMap,name=" + ObjectName.quote(path().toString()));
  }

  private Set<ObjectName> beans(String more) throws JMException {
    return server.queryNames(new ObjectName(name() + more), null);
  }
}
