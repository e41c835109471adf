package dev.hmap;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.Geometry;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A record's components, one after the other. */
final class RecordCodec<R extends Record> implements Codec<R> {
  private static final Map<Class<?>, Codec<?>> BY_TYPE =
      Map.ofEntries(
          Map.entry(boolean.class, Codec.BOOLEAN),
          Map.entry(Boolean.class, Codec.BOOLEAN),
          Map.entry(byte.class, Codec.BYTE),
          Map.entry(Byte.class, Codec.BYTE),
          Map.entry(short.class, Codec.SHORT),
          Map.entry(Short.class, Codec.SHORT),
          Map.entry(int.class, Codec.INT),
          Map.entry(Integer.class, Codec.INT),
          Map.entry(long.class, Codec.LONG),
          Map.entry(Long.class, Codec.LONG),
          Map.entry(float.class, Codec.FLOAT),
          Map.entry(Float.class, Codec.FLOAT),
          Map.entry(double.class, Codec.DOUBLE),
          Map.entry(Double.class, Codec.DOUBLE),
          Map.entry(UUID.class, Codec.UUID),
          Map.entry(Instant.class, Codec.INSTANT),
          Map.entry(String.class, Codec.STRING),
          Map.entry(byte[].class, Codec.BYTES));

  private record Part(String name, Method accessor, Codec<Object> codec) {}

  private final Class<R> type;
  private final Constructor<R> constructor;
  private final List<Part> parts = new ArrayList<>();
  private final String shape;
  private final int width;

  RecordCodec(Class<R> type) {
    this(type, Set.of());
  }

  /** The codec of a record within others, which it must not be one of. */
  private RecordCodec(Class<R> type, Set<Class<?>> within) {
    this.type = type;
    Set<Class<?>> all = new HashSet<>(within);
    all.add(type);
    RecordComponent[] components = type.getRecordComponents();
    if (components.length == 0) {
      throw new IllegalArgumentException("%s has no components".formatted(type.getName()));
    }
    Class<?>[] types = new Class<?>[components.length];
    int sum = 0;
    boolean fixed = true;
    try {
      for (int i = 0; i < components.length; i++) {
        RecordComponent c = components[i];
        types[i] = c.getType();
        Codec<Object> codec = codecOf(c, all);
        c.getAccessor().setAccessible(true);
        parts.add(new Part(c.getName(), c.getAccessor(), codec));
        fixed &= codec.width() > 0;
        sum += codec.width();
      }
      constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
    } catch (ReflectiveOperationException | RuntimeException e) {
      if (e instanceof IllegalArgumentException refused) {
        throw refused;
      }
      throw new IllegalArgumentException(
          "%s cannot be made by reflection: %s".formatted(type.getName(), e.getMessage()), e);
    }
    width = fixed ? sum : 0;
    shape =
        Geometry.checkedShape(
            parts.stream()
                .map(p -> p.name + ":" + p.codec.shape())
                .collect(Collectors.joining(",", "record(", ")")));
  }

  @SuppressWarnings("unchecked") // a component's codec is chosen by the component's type
  private Codec<Object> codecOf(RecordComponent component, Set<Class<?>> within) {
    Class<?> c = component.getType();
    Codec<?> basic = BY_TYPE.get(c);
    if (basic != null) {
      return (Codec<Object>) basic;
    }
    if (within.contains(c)) {
      throw new IllegalArgumentException(
          "component %s of %s is a %s, which would contain itself"
              .formatted(component.getName(), type.getName(), c.getTypeName()));
    }
    if (c.isRecord()) {
      return (Codec<Object>) (Codec<?>) new RecordCodec<>(c.asSubclass(Record.class), within);
    }
    if (c.isEnum()) {
      return (Codec<Object>) (Codec<?>) enumOf(c);
    }
    throw new IllegalArgumentException(
        "component %s of %s is a %s: only primitives but char, UUID, Instant, String, byte[], enums"
                .formatted(component.getName(), type.getName(), c.getTypeName())
            + " and records of those can be stored");
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // a class that is an enum
  private static Codec<?> enumOf(Class<?> type) {
    return Codec.enumOf((Class) type);
  }

  @Override
  public boolean isKey() {
    return parts.stream().allMatch(p -> p.codec.isKey());
  }

  @Override
  public String shape() {
    return shape;
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public byte[] encode(R value) {
    R record = type.cast(value); // an untyped look-up may bring one of another class
    ByteArrayOutputStream out = new ByteArrayOutputStream(Math.max(32, width));
    for (Part part : parts) {
      Object component = component(part, record);
      if (component == null) {
        throw new NullPointerException("%s.%s is null".formatted(type.getName(), part.name));
      }
      byte[] bytes = part.codec.encode(component);
      if (part.codec.width() == 0) {
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

  private Object component(Part part, R value) {
    try {
      return part.accessor.invoke(value);
    } catch (InvocationTargetException e) {
      throw unchecked(e.getCause(), "%s.%s failed".formatted(type.getName(), part.name));
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What an accessor threw is thrown on; it says nothing of whether the record can be encoded. */
  private static RuntimeException unchecked(@Nullable Throwable thrown, String what) {
    return switch (thrown) {
      case null -> new IllegalStateException(what);
      case Error error -> throw error;
      case RuntimeException e -> e;
      default -> new IllegalStateException(what, thrown);
    };
  }

  @Override
  public R decode(byte[] bytes, int offset, int length) {
    ByteBuffer in = ByteBuffer.wrap(bytes, offset, length).order(ByteOrder.LITTLE_ENDIAN);
    Object[] values = new Object[parts.size()];
    for (int i = 0; i < values.length; i++) {
      Codec<Object> codec = parts.get(i).codec;
      int n = codec.width();
      if (n == 0) {
        n = in.remaining() < Integer.BYTES ? -1 : in.getInt();
      }
      if (n < 0 || n > in.remaining()) {
        throw new StoreCorruptException(
            "%d bytes are no %s: component %s is cut off"
                .formatted(length, shape, parts.get(i).name));
      }
      values[i] = codec.decode(bytes, in.position(), n);
      in.position(in.position() + n);
    }
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalArgumentException(
          "%s refused its stored components".formatted(type.getName()), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
