package dev.hmap;

import java.util.Arrays;

/** The bytes of a codec, under its name: for copies that know nothing of what the bytes mean. */
record RawCodec(String shape, int width) implements Codec<byte[]> {
  @Override
  public byte[] encode(byte[] value) {
    return value;
  }

  @Override
  public byte[] decode(byte[] bytes, int offset, int length) {
    return Arrays.copyOfRange(bytes, offset, offset + length);
  }
}
