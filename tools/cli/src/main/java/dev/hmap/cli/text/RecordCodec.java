package dev.hmap.cli.text;

import dev.hmap.Codec;
import dev.hmap.error.StoreCorruptException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Encodes the components of a record as {@link Codec#record} does, with no need of its class: one
 * after the other, those of variable width after their length.
 */
final class RecordCodec implements Codec<List<Object>> {
  private final String shape;
  private final List<RecordText.Part> parts;
  private final int width;

  RecordCodec(String shape, List<RecordText.Part> parts) {
    this.shape = shape;
    this.parts = parts;
    boolean fixed = parts.stream().allMatch(p -> p.width() > 0);
    this.width = fixed ? parts.stream().mapToInt(RecordText.Part::width).sum() : 0;
  }

  @Override
  public String shape() {
    return shape;
  }

  @Override
  public boolean isKey() {
    return parts.stream().allMatch(p -> p.text().codec().isKey());
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public byte[] encode(List<Object> components) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(Math.max(32, width));
    for (int i = 0; i < parts.size(); i++) {
      byte[] bytes = parts.get(i).text().codec().encode(components.get(i));
      if (parts.get(i).width() == 0) {
        out.writeBytes(
            ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(bytes.length)
                .array());
      }
      out.writeBytes(bytes);
    }
    return out.toByteArray();
  }

  @Override
  public List<Object> decode(byte[] bytes, int offset, int length) {
    ByteBuffer in = ByteBuffer.wrap(bytes, offset, length).order(ByteOrder.LITTLE_ENDIAN);
    List<Object> components = new ArrayList<>(parts.size());
    for (RecordText.Part part : parts) {
      int n = part.width();
      if (n == 0) {
        n = in.remaining() < Integer.BYTES ? -1 : in.getInt();
      }
      if (n < 0 || n > in.remaining()) {
        throw new StoreCorruptException(
            "%d bytes are no %s: component %s is cut off".formatted(length, shape, part.name()));
      }
      components.add(part.text().codec().decode(bytes, in.position(), n));
      in.position(in.position() + n);
    }
    return components;
  }
}
