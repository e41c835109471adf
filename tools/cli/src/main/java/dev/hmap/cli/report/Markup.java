package dev.hmap.cli.report;

/** Collects a page that is XML as well as HTML: whatever comes from a store is escaped. */
public final class Markup {
  private final StringBuilder page = new StringBuilder();

  /** Adds markup as it stands, with a line feed. */
  Markup raw(String markup) {
    page.append(markup).append('\n');
    return this;
  }

  /** Adds markup in which each {@code %s} is filled with an escaped text. */
  Markup add(String markup, Object... texts) {
    Object[] escaped = new Object[texts.length];
    for (int i = 0; i < texts.length; i++) {
      escaped[i] = escape(String.valueOf(texts[i]));
    }
    return raw(markup.formatted(escaped));
  }

  /** As text or as an attribute's value; what XML cannot hold becomes U+FFFD. */
  static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(c -> {
          switch (c) {
            case '&' -> escaped.append("&amp;");
            case '<' -> escaped.append("&lt;");
            case '>' -> escaped.append("&gt;");
            case '"' -> escaped.append("&quot;");
            case '\'' -> escaped.append("&#39;");
            default -> escaped.appendCodePoint(isAllowed(c) ? c : 0xFFFD);
          }
        });
    return escaped.toString();
  }

  private static boolean isAllowed(int c) {
    return c == '\t'
        || c == '\n'
        || c >= ' ' && c < 0x7F
        || c > 0x9F && c < Character.MIN_SURROGATE
        || c > Character.MAX_SURROGATE && c != 0xFFFE && c != 0xFFFF;
  }

  @Override
  public String toString() {
    return page.toString();
  }
}
