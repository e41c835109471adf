package dev.hmap.cli.report;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.hmap.cli.console.JsonText;
import dev.hmap.report.Location;
import java.io.IOException;

/** Where a key is, as lines and as JSON. */
public final class LocationReport {
  private static final int PAGE_BYTES = 4096;

  private LocationReport() {}

  public static String text(Location l) {
    StringBuilder lines = new StringBuilder();
    lines.append("hash         0x%016x   tophash 0x%02x\n".formatted(l.hash(), l.tophash()));
    lines.append(
        "root bucket  %,d of 2^%d in array %d%s\n"
            .formatted(
                l.root(), l.B(), l.array(), l.isOld() ? ", the old one: not evacuated yet" : ""));
    if (l.present()) {
      lines.append(
          "chain        hop %,d: bucket %,d, slot %d\n".formatted(l.hop(), l.bucket(), l.slot()));
      lines.append("bucket       %s\n".formatted(place(l.bucketAddress())));
      lines.append("slot         %s\n".formatted(place(l.slotAddress())));
    } else {
      lines.append("chain        %,d buckets, without the key\n".formatted(l.hop()));
      lines.append("bucket       %s\n".formatted(place(l.bucketAddress())));
    }
    if (l.entryAddress() >= 0) {
      lines.append("entry        %s\n".formatted(place(l.entryAddress())));
    }
    return lines.toString();
  }

  private static String place(long address) {
    return "page %,d, byte %,d of the file".formatted(address / PAGE_BYTES, address);
  }

  /** {@code hash} is a string of hexadecimal digits, as {@code hash0} is elsewhere. */
  public static String json(Location l) throws IOException {
    return JsonText.of(out -> {
      out.writeBooleanField("present", l.present());
      out.writeStringField("hash", "0x%016x".formatted(l.hash()));
      out.writeNumberField("tophash", l.tophash());
      out.writeNumberField("array", l.array());
      out.writeBooleanField("old", l.isOld());
      out.writeNumberField("B", l.B());
      out.writeNumberField("root", l.root());
      out.writeNumberField("hop", l.hop());
      out.writeNumberField("bucket", l.bucket());
      place("bucketAt", l.bucketAddress(), out);
      if (l.present()) {
        out.writeNumberField("slot", l.slot());
        place("slotAt", l.slotAddress(), out);
      }
      if (l.entryAddress() >= 0) {
        place("entryAt", l.entryAddress(), out);
      }
    });
  }

  private static void place(String name, long address, JsonGenerator out) throws IOException {
    out.writeObjectFieldStart(name);
    out.writeNumberField("page", address / PAGE_BYTES);
    out.writeNumberField("address", address);
    out.writeEndObject();
  }
}
