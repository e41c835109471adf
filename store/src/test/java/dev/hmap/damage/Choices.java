package dev.hmap.damage;

/** Numbers read off a run of bytes: the same bytes give the same choices. Zeros after its end. */
final class Choices {
  private static final long[] NUMBERS = {
    0,
    1,
    2,
    3,
    7,
    8,
    9,
    13,
    16,
    28,
    128,
    4088,
    4095,
    4096,
    65_535,
    1 << 20,
    1 << 24,
    1 << 28,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    -1,
    -2,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private final byte[] bytes;
  private int at;

  Choices(byte[] bytes) {
    this.bytes = bytes;
  }

  private int next() {
    return at < bytes.length ? bytes[at++] & 0xFF : 0;
  }

  /** A number from 0 up to a limit. */
  int below(int limit) {
    int n = next();
    if (limit > 1 << 8) {
      n = n << 8 | next();
    }
    if (limit > 1 << 16) {
      n = n << 8 | next();
    }
    return limit <= 0 ? 0 : n % limit;
  }

  /** A number that is likely to be met badly, or made from the one that is there. */
  long value(long before) {
    return switch (below(6)) {
      case 0, 1 -> NUMBERS[below(NUMBERS.length)];
      case 2 -> before + below(5) - 2;
      case 3 -> before ^ 1L << below(64);
      case 4 -> below(300);
      default -> {
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
          value = value << 8 | next();
        }
        yield value;
      }
    };
  }
}
