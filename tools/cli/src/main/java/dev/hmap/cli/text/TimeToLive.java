package dev.hmap.cli.text;

import dev.hmap.cli.console.UsageException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long entries live, written as a whole number and a unit: {@code 500ms}, {@code 7d}. */
public final class TimeToLive {
  private static final Pattern FORM = Pattern.compile("(\\d{1,18})(ms|s|m|h|d)");

  private TimeToLive() {}

  /**
   * The time that a text says; one beyond what a long holds in milliseconds as the longest there
   * is, which the library refuses by its limit.
   *
   * @throws UsageException if it is of another form
   */
  public static Duration parse(String option, String text) {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      throw new UsageException(
          "%s is %s: a time is written like 500ms, 30s, 15m, 12h or 7d"
              .formatted(option, Text.quoted(text)));
    }
    long number = Long.parseLong(m.group(1));
    long unit = millis(m.group(2));
    return Duration.ofMillis(number > Long.MAX_VALUE / unit ? Long.MAX_VALUE : number * unit);
  }

  /** In the longest unit of which it is a whole number. */
  public static String print(long millis) {
    for (String unit : new String[] {"d", "h", "m", "s"}) {
      if (millis % millis(unit) == 0) {
        return "%,d%s".formatted(millis / millis(unit), unit);
      }
    }
    return "%,dms".formatted(millis);
  }

  private static long millis(String unit) {
    return switch (unit) {
      case "d" -> 86_400_000;
      case "h" -> 3_600_000;
      case "m" -> 60_000;
      case "s" -> 1000;
      default -> 1;
    };
  }
}
