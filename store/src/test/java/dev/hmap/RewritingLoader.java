package dev.hmap;

import java.io.IOException;
import java.io.InputStream;

/** Loads a second copy of hmap and of its tests, with some of the classes rewritten. */
public abstract class RewritingLoader extends ClassLoader {
  private static final String OWN = "dev.hmap.";

  /** A loader of what this one's parent could load too. */
  protected RewritingLoader() {
    super(RewritingLoader.class.getClassLoader());
  }

  /** The bytes of a class, changed or not. */
  protected abstract byte[] rewrite(String name, byte[] bytes);

  @Override
  protected final Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      if (!name.startsWith(OWN)) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? define(name) : loaded;
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] bytes = rewrite(name, in.readAllBytes());
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }
}
