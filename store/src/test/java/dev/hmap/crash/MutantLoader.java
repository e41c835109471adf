package dev.hmap.crash;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;

/** Loads a second copy of the store and of its simulation, with one mutant in it. */
final class MutantLoader extends ClassLoader {
  private static final String OWN = "dev.hmap.";

  private final CodeMutant mutant;

  MutantLoader(CodeMutant mutant) {
    super(MutantLoader.class.getClassLoader());
    this.mutant = mutant;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
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
      byte[] bytes = in.readAllBytes();
      if (mutant.isOf(name)) {
        bytes = mutate(bytes);
      }
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  private byte[] mutate(byte[] bytes) {
    AtomicBoolean changed = new AtomicBoolean();
    ClassFile classFile = ClassFile.of();
    byte[] mutated =
        classFile.transformClass(
            classFile.parse(bytes),
            ClassTransform.transformingMethodBodies(
                method -> {
                  boolean own = mutant.changes(method.methodName().stringValue());
                  changed.compareAndSet(false, own);
                  return own;
                },
                mutant.change()));
    if (!changed.get() || Arrays.equals(bytes, mutated)) {
      throw new IllegalStateException("there is nothing for mutant " + mutant + " to change");
    }
    return mutated;
  }
}
