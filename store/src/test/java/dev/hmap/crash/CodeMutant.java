package dev.hmap.crash;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A safeguard in the code that is taken away by changing the bytes of a class as it is loaded. */
@SuppressWarnings("ImmutableEnumChecker") // the suppliers hold nothing
enum CodeMutant {
  SALT("format.Checksums", "chained", "the salt is in no sum", () -> without(TypeKind.LONG)),
  CHAIN(
      "format.Checksums",
      "chained",
      "sums are not chained",
      () -> without(TypeKind.INT),
      "what a torn record hides is of an older opening, whose salt differs, or has another"
          + " sequence; the chain is a second lock on the same door"),
  SEGMENT_CHAIN(
      "log.LogReader",
      "lambda$successor",
      "a segment follows whatever has the right length",
      () -> equalAfter("chain"),
      "numbers grow, so that no segment that was given up is the newest with its base"),
  RECORD_SUM(
      "log.LogReader",
      "valid",
      "the sum of a log record is not compared",
      () -> equalAfter("chained")),
  SEGMENT_SUM(
      "format.SegmentHeader",
      "decode",
      "the sum of a segment's head is not compared",
      () -> equalAfter("sum"),
      "a head lies in one sector, and garbage there lacks the magic number"),
  IMAGE_SUM(
      "checkpoint.PageImageReader",
      "read",
      "the sum of a page image is not compared",
      () -> equalAfter("chained")),
  HEADER_SUM(
      "format.StoreHeader",
      "isSound",
      "the sum of a header is not compared",
      () -> equalAfter("sum")),
  SWEEP_BY_CLOCK(
      "table.ChainUpkeep",
      "sweepSlot",
      "a sweep removes what has expired since the horizon",
      () -> instead("horizon", CodeMutant::now)),
  EVACUATION_BY_CLOCK(
      "table.Evacuation",
      "moveChain",
      "an evacuation leaves behind what has expired since the horizon",
      () -> instead("horizon", CodeMutant::now)),
  OPERATION_BY_CLOCK(
      "table.ChainWriter",
      "isExpired",
      "an operation is judged by the clock of whoever applies it",
      CodeMutant::byClock),
  HORIZON(
      "checkpoint.Checkpointer",
      "begin",
      "the horizon is in no header",
      () -> instead("horizon", code -> code.pop().loadConstant((ConstantDesc) 0L))),
  ADOPTED_MARK(
      "checkpoint.Checkpointer",
      List.of("adopt", "isClean"),
      "the first write marks the state of a checkpoint that readers hold up, as if it were in"
          + " place",
      CodeMutant::markAdopted),
  ADOPTED_SLOTS(
      "recovery.Recovery",
      "keep",
      "the slots of a checkpoint that readers hold up are free",
      () -> instead("segments", CodeMutant::nothing)),
  GUARD_OF_CLOSING(
      "write.StoreClosing",
      "cutFiles",
      "a writer that closes takes the log away without the guard",
      () -> instead("tryGuard", CodeMutant::granted)),
  GUARD_OF_OPENING(
      "recovery.Recovery",
      "tryGuard",
      "a writer that opens puts a checkpoint in place without the guard",
      () -> instead("tryGuard", CodeMutant::granted)),
  GUARD_OF_CHECKPOINT(
      "checkpoint.InPlacePhase",
      "finish",
      "a checkpoint goes in place without the guard",
      () -> instead("tryGuard", CodeMutant::granted)),
  REPLAY_MARK(
      "write.StoreWriter",
      "start",
      "what was replayed after the header of a closed store leaves that header",
      () -> instead("markWriting", CodeBuilder::pop)),
  COMPACTION_FORCE(
      "maintenance.FreshStore",
      "replace",
      "the folder is not forced between the rename of a compaction and the end of the old log",
      () -> instead("forceFolder", CodeBuilder::pop2)),
  FORMER_FORCE(
      "recovery.LogFinder",
      "find",
      "the folder is not forced before the log of a former store goes",
      () -> first("forceFolder", CodeBuilder::pop2)),
  LEFT_WORKSHOP(
      "recovery.Recovery",
      "findLog",
      "what a crash left half made stays beside the store",
      () -> instead("removeLeft", CodeBuilder::pop2)),
  DIRECTORY_SUM(
      "recovery.DirectoryReader",
      "read",
      "the sum of the directory is not compared",
      () -> equalAfter("sum"),
      "the directory is forced before a header names it; its sum is against damage, not crashes"),
  UNSECURED_EVACUATION(
      "table.EvacuationDebt",
      "buckets",
      "what the rest of an evacuation may need is not secured",
      () -> returningZero()),
  UNSECURED_SLABS(
      "table.EntryStore",
      "addSlabs",
      "the slabs that a batch may need are not secured",
      () -> returningZero());

  private static final ClassDesc STATE = ClassDesc.of("dev.hmap.table.HmapState");
  private static final ClassDesc LEFT = ClassDesc.of("dev.hmap.checkpoint.CommittedCheckpoint");
  private static final ClassDesc HEADER = ClassDesc.of("dev.hmap.format.StoreHeader");

  private final String type;
  private final List<String> methods;

  /** What is wrong. */
  final String damage;

  /** Why no crash shows it, or empty. */
  final String harmless;

  private final Supplier<CodeTransform> change;

  CodeMutant(String type, String method, String damage, Supplier<CodeTransform> change) {
    this(type, method, damage, change, "");
  }

  CodeMutant(String type, List<String> methods, String damage, Supplier<CodeTransform> change) {
    this(type, methods, damage, change, "");
  }

  CodeMutant(
      String type, String method, String damage, Supplier<CodeTransform> change, String harmless) {
    this(type, List.of(method), damage, change, harmless);
  }

  CodeMutant(
      String type,
      List<String> methods,
      String damage,
      Supplier<CodeTransform> change,
      String harmless) {
    this.type = "dev.hmap." + type;
    this.methods = methods;
    this.damage = damage;
    this.change = change;
    this.harmless = harmless;
  }

  /** What shows it; all of them if nothing does. */
  Set<MutantHunt.Instrument> instruments() {
    if (!harmless.isEmpty()) {
      return EnumSet.allOf(MutantHunt.Instrument.class);
    }
    return switch (this) {
      case SALT, RECORD_SUM, ADOPTED_MARK, REPLAY_MARK -> EnumSet.of(MutantHunt.Instrument.LIVES);
      case UNSECURED_EVACUATION, UNSECURED_SLABS -> EnumSet.of(MutantHunt.Instrument.SCARCE_ROOM);
      default -> EnumSet.of(MutantHunt.Instrument.CRASHES);
    };
  }

  /** The workloads that may show it. */
  List<Workload> workloads() {
    return switch (this) {
      case SWEEP_BY_CLOCK, EVACUATION_BY_CLOCK, OPERATION_BY_CLOCK, HORIZON ->
          List.of(Workload.EXPIRING, Workload.EXPIRING_ASYNC);
      case ADOPTED_MARK,
          ADOPTED_SLOTS,
          GUARD_OF_CLOSING,
          GUARD_OF_OPENING,
          GUARD_OF_CHECKPOINT,
          REPLAY_MARK,
          COMPACTION_FORCE,
          FORMER_FORCE ->
          List.of(Workload.READERS);
      default -> List.of(Workload.values());
    };
  }

  /** Whether the mutant changes a class. */
  boolean isOf(String className) {
    return type.equals(className);
  }

  /** Whether the mutant changes a method of the class. */
  boolean changes(String methodName) {
    return methods.stream().anyMatch(m -> methodName.equals(m) || methodName.startsWith(m + "$"));
  }

  /** The change to the method's code. */
  CodeTransform change() {
    return change.get();
  }

  /** Zero takes the place of the parameter of a kind. */
  private static CodeTransform without(TypeKind kind) {
    int slot = kind == TypeKind.INT ? 1 : 2; // this, chain, salt
    return (code, element) -> {
      if (element instanceof LoadInstruction load
          && load.typeKind() == kind
          && load.slot() == slot) {
        code.loadConstant(kind == TypeKind.LONG ? (ConstantDesc) 0L : (ConstantDesc) 0);
      } else {
        code.with(element);
      }
    };
  }

  /** Something else in place of a call on an object. */
  private static CodeTransform instead(String call, Consumer<CodeBuilder> other) {
    return (code, element) -> {
      if (element instanceof InvokeInstruction invoke && invoke.name().equalsString(call)) {
        other.accept(code);
      } else {
        code.with(element);
      }
    };
  }

  /** The same at the first such call of a method alone. */
  private static CodeTransform first(String call, Consumer<CodeBuilder> other) {
    return CodeTransform.ofStateful(() -> {
      boolean[] isDone = new boolean[1];
      return (code, element) -> {
        if (!isDone[0]
            && element instanceof InvokeInstruction invoke
            && invoke.name().equalsString(call)) {
          isDone[0] = true;
          other.accept(code);
        } else {
          code.with(element);
        }
      };
    });
  }

  /** No segments in place of those of some images. */
  private static void nothing(CodeBuilder code) {
    ClassDesc list = ClassDesc.of("java.util.List");
    code.pop().invokestatic(list, "of", MethodTypeDesc.of(list), true);
  }

  /** The guard, whoever has it. */
  private static void granted(CodeBuilder code) {
    code.pop().loadConstant((ConstantDesc) 1);
  }

  /** What was adopted passes for the state of the file, and not for a checkpoint under way. */
  private static CodeTransform markAdopted() {
    CodeTransform after =
        first("before", code -> code.invokevirtual(LEFT, "header", MethodTypeDesc.of(HEADER)));
    return after.andThen((code, element) -> {
      if (element instanceof FieldInstruction field
          && field.opcode() == Opcode.GETFIELD
          && field.name().equalsString("running")) {
        code.pop().aconst_null();
      } else {
        code.with(element);
      }
    });
  }

  /** What time a map takes it to be. */
  private static void now(CodeBuilder code) {
    code.invokevirtual(STATE, "now", MethodTypeDesc.of(ConstantDescs.CD_long));
  }

  /** The time of the map in place of the parameter. */
  private static CodeTransform byClock() {
    return (code, element) -> {
      if (element instanceof LoadInstruction load && load.typeKind() == TypeKind.LONG) {
        now(code.aload(0).getfield(ClassDesc.of("dev.hmap.table.ChainWriter"), "state", STATE));
      } else {
        code.with(element);
      }
    };
  }

  /** The method does nothing, or returns the int 0. */
  private static CodeTransform returningZero() {
    return CodeTransform.ofStateful(ReturningZero::new);
  }

  private static final class ReturningZero implements CodeTransform {
    private boolean isDone;

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
      if (element instanceof ReturnInstruction last && !isDone) {
        isDone = true;
        if (last.typeKind() == TypeKind.INT) {
          code.loadConstant((ConstantDesc) 0);
        }
        code.return_(last.typeKind());
      }
    }
  }

  /** The first comparison of two ints after a call finds them equal. */
  private static CodeTransform equalAfter(String call) {
    return CodeTransform.ofStateful(() -> new EqualAfter(call));
  }

  private static final class EqualAfter implements CodeTransform {
    private final String call;
    private boolean isCalled;
    private boolean isDone;

    EqualAfter(String call) {
      this.call = call;
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
      if (element instanceof InvokeInstruction invoke) {
        isCalled |= invoke.name().equalsString(call);
      }
      if (isCalled
          && !isDone
          && element instanceof BranchInstruction branch
          && (branch.opcode() == Opcode.IF_ICMPNE || branch.opcode() == Opcode.IF_ICMPEQ)) {
        isDone = true;
        Label target = branch.target();
        code.pop2();
        if (branch.opcode() == Opcode.IF_ICMPEQ) {
          code.goto_(target);
        }
        return;
      }
      code.with(element);
    }
  }
}
