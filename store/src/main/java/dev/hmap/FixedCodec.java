package dev.hmap;

/**
 * A value of some fixed number of bytes.
 *
 * @param shape its name
 * @param width bytes
 * @param isKey whether equal values have equal bytes
 * @param writer puts a value into an array, from 0 on
 * @param reader takes one from an array, from an offset on
 */
record FixedCodec<T>(String shape, int width, boolean isKey, Writer<T> writer, Reader<T> reader)
    implements CanonicalCodec<T> {

  /** Puts a value into a fresh array. */
  interface Writer<T> {
    void write(byte[] to, T value);
  }

  /** Takes a value from an array. */
  interface Reader<T> {
    T read(byte[] from, int at);
  }

  @Override
  public byte[] encode(T value) {
    byte[] bytes = new byte[width];
    writer.write(bytes, value);
    return bytes;
  }

  @Override
  public T decode(byte[] bytes, int offset, int length) {
    return reader.read(bytes, offset);
  }
}
