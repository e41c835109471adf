package dev.hmap.memory;

import dev.hmap.HMap;
import dev.hmap.RewritingLoader;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Loads a second copy of hmap in which every allocation of its own code asks {@link Heap} first:
 * objects, arrays, lambdas and joined strings, and calls known to return what is new.
 */
final class AllocationLoader extends RewritingLoader {
  private static final ClassDesc HEAP = ClassDesc.of("dev.hmap.memory.Heap");
  private static final MethodTypeDesc ASK =
      MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_int);

  /** Calls of the JDK that allocate. */
  private static final Set<String> ALLOCATING =
      Set.of(
          "add",
          "allocate",
          "allocateDirect",
          "asByteBuffer",
          "asSlice",
          "clone",
          "copyOf",
          "copyOfRange",
          "duplicate",
          "formatted",
          "iterator",
          "of",
          "offer",
          "ofBuffer",
          "ofConfined",
          "ofPlatform",
          "ofShared",
          "put",
          "slice",
          "start",
          "stream",
          "toList",
          "unstarted",
          "valueOf");

  private final List<String> sites = new ArrayList<>();

  /** Where a site is. */
  String site(int number) {
    return sites.get(number);
  }

  @Override
  protected synchronized byte[] rewrite(String name, byte[] bytes) {
    return isHmap(name) ? asking(bytes) : bytes;
  }

  private byte[] asking(byte[] bytes) {
    ClassFile file = ClassFile.of();
    ClassModel type = file.parse(bytes);
    String typeName = type.thisClass().asInternalName();
    return file.transformClass(
        type,
        (builder, element) -> {
          if (element instanceof MethodModel method
              && !method.methodName().equalsString(ConstantDescs.CLASS_INIT_NAME)) {
            builder.transformMethod(
                method,
                MethodTransform.transformingCode(
                    asking(typeName + "." + method.methodName().stringValue())));
          } else {
            builder.with(element);
          }
        });
  }

  private CodeTransform asking(String method) {
    int[] line = new int[1];
    return (code, element) -> {
      if (element instanceof LineNumber at) {
        line[0] = at.line();
      }
      if (allocates(element)) {
        code.loadConstant(sites.size()).invokestatic(HEAP, "ask", ASK);
        sites.add("%s, line %d".formatted(method, line[0]));
      }
      code.with(element);
    };
  }

  /** Whether it is no test. */
  private boolean isHmap(String name) {
    return root(name).equals(root(HMap.class.getName()));
  }

  private String root(String name) {
    String path = name.replace('.', '/') + ".class";
    String resource = String.valueOf(getParent().getResource(path));
    return resource.substring(0, resource.length() - path.length());
  }

  private static boolean allocates(CodeElement element) {
    return switch (element) {
      case NewObjectInstruction _,
          NewPrimitiveArrayInstruction _,
          NewReferenceArrayInstruction _,
          NewMultiArrayInstruction _,
          InvokeDynamicInstruction _ ->
          true;
      case InvokeInstruction call ->
          ALLOCATING.contains(call.name().stringValue())
              && call.owner().name().stringValue().startsWith("java/")
              && !call.owner().name().equalsString("java/lang/Boolean");
      default -> false;
    };
  }
}
