package dev.hmap.crash;

import java.util.List;

/**
 * A step of a script.
 *
 * @param kind what to do
 * @param key number of the key
 * @param tag of the value; of a batch, of its mark; of what moves the clock, milliseconds; of a
 *     reader that is met while it opens, after which of its calls
 * @param length of the value, or of the mark
 * @param expected for the kinds that compare: the value expected
 * @param async not to wait for it
 * @param parts of a batch
 */
record Step(
    Kind kind,
    int key,
    long tag,
    int length,
    Model.Value expected,
    boolean async,
    List<Step> parts) {

  /** The kinds up to {@link #BATCH} are operations: one record of the log each. */
  enum Kind {
    PUT,
    PUT_IF_ABSENT,
    REPLACE,
    REPLACE_IF_EQUAL,
    REMOVE,
    REMOVE_IF_EQUAL,
    CLEAR,
    BATCH,
    SYNC,
    CHECKPOINT,
    CHECKPOINT_BESIDE,
    COMPACT_BESIDE,
    REOPEN,
    COMPACT,
    BACKUP,
    /** A reader begins; where the script begins with it, before the store is opened. */
    READ,
    /** The readers look again at what they have, then refresh. */
    REFRESH,
    /** The readers look a last time, and leave. */
    LEAVE,
    /** The store is closed, the readers leave, and it is opened. */
    LEAVE_CLOSED,
    /** The store is closed while a reader opens, and opened again. */
    READ_CLOSING,
    /** It is compacted, closed, while a reader opens. */
    READ_COMPACTING,
    /** So much time passes. */
    PASS,
    /** The clock is set by so much. */
    JUMP
  }

  static Step of(Kind kind) {
    return new Step(kind, 0, 0, 0, null, false, List.of());
  }

  static Step of(Kind kind, int key, long tag, int length) {
    return new Step(kind, key, tag, length, null, false, List.of());
  }

  /** Whether the step can be taken while the store is closed. */
  boolean isOfClosed() {
    return kind == Kind.READ || kind == Kind.COMPACT;
  }

  boolean isOperation() {
    return kind.compareTo(Kind.BATCH) <= 0;
  }
}
