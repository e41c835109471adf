package dev.hmap;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.Geometry;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The codecs of single values. */
final class BasicCodecs {
  private static final VarHandle LONG_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT_BYTES =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORT_BYTES =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int MAX_CONSTANTS = 1 << Short.SIZE;
  private static final int INSTANT_BYTES = Long.BYTES + Integer.BYTES;
  private static final VarHandle LONG_BYTES_BIG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  static final Codec<Boolean> BOOLEAN =
      new FixedCodec<>(
          "boolean",
          1,
          true,
          (to, value) -> to[0] = (byte) (value ? 1 : 0),
          (from, at) -> from[at] != 0);

  static final Codec<Byte> BYTE =
      new FixedCodec<>("byte", 1, true, (to, value) -> to[0] = value, (from, at) -> from[at]);

  static final Codec<Short> SHORT =
      new FixedCodec<>(
          "short",
          Short.BYTES,
          true,
          (to, value) -> SHORT_BYTES.set(to, 0, (short) value),
          (from, at) -> (short) SHORT_BYTES.get(from, at));

  static final Codec<Instant> INSTANT =
      new FixedCodec<>(
          "instant",
          INSTANT_BYTES,
          true,
          (to, value) -> {
            LONG_BYTES.set(to, 0, value.getEpochSecond());
            INT_BYTES.set(to, Long.BYTES, value.getNano());
          },
          BasicCodecs::instant);

  static final Codec<Float> FLOAT =
      new FixedCodec<>(
          "float",
          Float.BYTES,
          false,
          (to, value) -> INT_BYTES.set(to, 0, Float.floatToIntBits(value)),
          (from, at) -> Float.intBitsToFloat((int) INT_BYTES.get(from, at)));

  static final Codec<Double> DOUBLE =
      new FixedCodec<>(
          "double",
          Double.BYTES,
          false,
          (to, value) -> LONG_BYTES.set(to, 0, Double.doubleToLongBits(value)),
          (from, at) -> Double.longBitsToDouble((long) LONG_BYTES.get(from, at)));

  static final Codec<Long> LONG =
      new WordCodec<>() {
        @Override
        public String shape() {
          return "long";
        }

        @Override
        long word(Long value) {
          return value;
        }

        @Override
        Long ofWord(long word) {
          return word;
        }
      };

  static final Codec<Integer> INT =
      new CanonicalCodec<>() {
        @Override
        public String shape() {
          return "int";
        }

        @Override
        public int width() {
          return Integer.BYTES;
        }

        @Override
        public byte[] encode(Integer value) {
          byte[] bytes = new byte[Integer.BYTES];
          INT_BYTES.set(bytes, 0, (int) value);
          return bytes;
        }

        @Override
        public Integer decode(byte[] bytes, int offset, int length) {
          return (int) INT_BYTES.get(bytes, offset);
        }
      };

  static final Codec<java.util.UUID> UUID =
      new CanonicalCodec<>() {
        @Override
        public String shape() {
          return "uuid";
        }

        @Override
        public int width() {
          return 2 * Long.BYTES;
        }

        @Override
        public byte[] encode(java.util.UUID value) {
          byte[] bytes = new byte[2 * Long.BYTES];
          LONG_BYTES_BIG.set(bytes, 0, value.getMostSignificantBits());
          LONG_BYTES_BIG.set(bytes, Long.BYTES, value.getLeastSignificantBits());
          return bytes;
        }

        @Override
        public java.util.UUID decode(byte[] bytes, int offset, int length) {
          return new java.util.UUID(
              (long) LONG_BYTES_BIG.get(bytes, offset),
              (long) LONG_BYTES_BIG.get(bytes, offset + Long.BYTES));
        }
      };

  static final Codec<String> STRING =
      new CanonicalCodec<>() {
        @Override
        public String shape() {
          return "string";
        }

        @Override
        public byte[] encode(String value) {
          byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
          // an unpaired surrogate became a question mark: two different keys must not become one
          if (value.indexOf('?') < 0 ? hasQuestionMark(bytes) : !isEncodable(value)) {
            throw new IllegalArgumentException("a string with an unpaired surrogate");
          }
          return bytes;
        }

        @Override
        public String decode(byte[] bytes, int offset, int length) {
          return new String(bytes, offset, length, StandardCharsets.UTF_8);
        }
      };

  static final Codec<byte[]> BYTES =
      new CanonicalCodec<>() {
        @Override
        public String shape() {
          return "bytes";
        }

        @Override
        public byte[] encode(byte[] value) {
          return value.clone();
        }

        @Override
        public byte[] decode(byte[] bytes, int offset, int length) {
          return Arrays.copyOfRange(bytes, offset, offset + length);
        }
      };

  private BasicCodecs() {}

  private static Instant instant(byte[] from, int at) {
    try {
      return Instant.ofEpochSecond(
          (long) LONG_BYTES.get(from, at), (int) INT_BYTES.get(from, at + Long.BYTES));
    } catch (DateTimeException e) {
      throw new StoreCorruptException("the bytes are no instant", e);
    }
  }

  /** The constants of an enum, as their places in the shape. */
  @SuppressWarnings("EnumOrdinal") // the shape says which constant is at which place
  static <E extends Enum<E>> Codec<E> enumOf(Class<E> type) {
    E[] constants = type.getEnumConstants();
    if (constants == null || constants.length == 0 || constants.length > MAX_CONSTANTS) {
      throw new IllegalArgumentException(
          "%s must be an enum of 1 to %,d constants".formatted(type.getName(), MAX_CONSTANTS));
    }
    String shape =
        Geometry.checkedShape(
            Arrays.stream(constants)
                .map(Enum::name)
                .collect(Collectors.joining(",", "enum(", ")")));
    return new FixedCodec<>(
        shape,
        Short.BYTES,
        true,
        (to, value) -> SHORT_BYTES.set(to, 0, (short) type.cast(value).ordinal()),
        (from, at) -> {
          int place = Short.toUnsignedInt((short) SHORT_BYTES.get(from, at));
          if (place >= constants.length) {
            throw new StoreCorruptException("%d is not a constant of %s".formatted(place, shape));
          }
          return constants[place];
        });
  }

  private static boolean hasQuestionMark(byte[] bytes) {
    for (byte b : bytes) {
      if (b == '?') {
        return true;
      }
    }
    return false;
  }

  private static boolean isEncodable(String value) {
    try {
      ByteBuffer unused = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
      return unused.hasArray();
    } catch (CharacterCodingException _) {
      return false;
    }
  }
}
