package dev.hmap.crash;

import dev.hmap.RewritingLoader;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;

/** Loads a second copy of the store and of its simulation, with one mutant in it. */
final class MutantLoader extends RewritingLoader {
  private final CodeMutant mutant;

  MutantLoader(CodeMutant mutant) {
    this.mutant = mutant;
  }

  @Override
  protected byte[] rewrite(String name, byte[] bytes) {
    return mutant.isOf(name) ? mutate(bytes) : bytes;
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
