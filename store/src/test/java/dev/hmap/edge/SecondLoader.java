package dev.hmap.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** hmap once more in this JVM. */
final class SecondLoader implements AutoCloseable {
  private final URLClassLoader loader;
  private final Method answer;

  SecondLoader() throws MalformedURLException, ReflectiveOperationException {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    loader = new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    answer = loader.loadClass(Work.class.getName()).getMethod("answer", String.class);
    answer.setAccessible(true);
    assertThat(answer.getDeclaringClass()).isNotSameAs(Work.class);
  }

  String ask(Object... words) throws ReflectiveOperationException {
    return (String)
        answer.invoke(null, String.join(" ", Stream.of(words).map(String::valueOf).toList()));
  }

  ClassLoader loader() {
    return loader;
  }

  @Override
  public void close() throws IOException {
    loader.close();
  }
}
