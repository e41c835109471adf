package dev.hmap.write;

import dev.hmap.event.Log;
import java.lang.classfile.ClassFile;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Asks whether a thread has enough of its stack left for what may not be cut off in the middle by a
 * {@link StackOverflowError}.
 *
 * <p>The virtual machine looks for room when a method is entered: for the method's frame, and where
 * it is compiled, for the frame that it would have if it were interpreted again. So a method with
 * thousands of local variables that does nothing asks for just that, in a few nanoseconds. No
 * source would be readable that declares them; so its class is made here.
 */
final class StackReserve {
  /** Of eight bytes: several times the 4 KiB that a put takes where all of it is interpreted. */
  private static final int SLOTS = 4096;

  /** More than compilers put into their callers, where the room would not be asked for. */
  private static final int INSTRUCTIONS = 800;

  private static volatile boolean wasTried;
  private static volatile boolean isPrepared;

  private StackReserve() {}

  /**
   * Makes what {@link #isThere} needs. Takes some milliseconds once, and much of the stack. Does
   * not throw.
   */
  static void prepare() {
    if (wasTried) {
      return;
    }
    wasTried = true;
    try {
      isPrepared = askedFor();
    } catch (RuntimeException | Error e) {
      Log.debug(() -> "callers leave all writes to the writer: " + e);
    }
  }

  /** Whether there is enough; false also while nothing is prepared. Any thread. */
  static boolean isThere() {
    return isPrepared && askedFor();
  }

  private static boolean askedFor() {
    try {
      return (int) Wide.METHOD.invokeExact(0) == 0;
    } catch (StackOverflowError _) {
      return false;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Holds the method, from the first time that it is asked. */
  private static final class Wide {
    static final MethodHandle METHOD;

    static {
      try {
        MethodHandles.Lookup lookup = MethodHandles.lookup().defineHiddenClass(wide(), true);
        METHOD =
            lookup.findStatic(
                lookup.lookupClass(), "ask", MethodType.methodType(int.class, int.class));
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    /** {@code static int ask(int x)}: returns 0 at once if that is what it is given. */
    private static byte[] wide() {
      ClassDesc name = ClassDesc.of(StackReserve.class.getName() + "$Asked");
      MethodTypeDesc type = MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_int);
      return ClassFile.of()
          .build(
              name,
              of ->
                  of.withMethodBody(
                      "ask",
                      type,
                      ClassFile.ACC_STATIC,
                      code -> {
                        Label end = code.newLabel();
                        code.iload(0).istore(SLOTS - 1).iload(0).ifeq(end);
                        for (int i = 0; i < INSTRUCTIONS; i += 4) {
                          code.iload(0).iconst_3().iadd().istore(0);
                        }
                        code.iload(0).invokestatic(name, "ask", type).pop();
                        code.labelBinding(end).iconst_0().ireturn();
                      }));
    }
  }
}
