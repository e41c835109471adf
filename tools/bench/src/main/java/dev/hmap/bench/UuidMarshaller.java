package dev.hmap.bench;

import java.util.UUID;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.core.util.ReadResolvable;
import net.openhft.chronicle.hash.serialization.BytesReader;
import net.openhft.chronicle.hash.serialization.BytesWriter;
import org.jspecify.annotations.Nullable;

/** 16 bytes, for Chronicle Map; after the example of its tutorial. */
final class UuidMarshaller
    implements BytesReader<UUID>, BytesWriter<UUID>, ReadResolvable<UuidMarshaller> {
  static final UuidMarshaller INSTANCE = new UuidMarshaller();

  private UuidMarshaller() {}

  @Override
  public void write(@SuppressWarnings("rawtypes") Bytes out, UUID uuid) {
    out.writeLong(uuid.getMostSignificantBits());
    out.writeLong(uuid.getLeastSignificantBits());
  }

  @Override
  public UUID read(@SuppressWarnings("rawtypes") Bytes in, @Nullable UUID using) {
    return new UUID(in.readLong(), in.readLong());
  }

  @Override
  public UuidMarshaller readResolve() {
    return INSTANCE;
  }
}
