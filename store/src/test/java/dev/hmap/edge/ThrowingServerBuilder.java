package dev.hmap.edge;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import javax.management.MBeanServer;
import javax.management.MBeanServerBuilder;
import javax.management.MBeanServerDelegate;

/** Makes MBean servers that throw whatever has to do with hmap. */
public final class ThrowingServerBuilder extends MBeanServerBuilder {
  /** For {@code javax.management.builder.initial}. */
  public ThrowingServerBuilder() {}

  @Override
  public MBeanServer newMBeanServer(
      String defaultDomain, MBeanServer outer, MBeanServerDelegate delegate) {
    MBeanServer server = super.newMBeanServer(defaultDomain, outer, delegate);
    return (MBeanServer)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {MBeanServer.class},
            (_, method, arguments) -> invoke(server, method, arguments));
  }

  private static Object invoke(MBeanServer server, Method method, Object[] arguments)
      throws Throwable {
    if (Arrays.toString(arguments).contains("dev.hmap")) {
      throw new AssertionError("of a server");
    }
    try {
      return method.invoke(server, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
