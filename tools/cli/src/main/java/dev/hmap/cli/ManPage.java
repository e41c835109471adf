package dev.hmap.cli;

import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A command's manual page, in the macros of {@code man(7)}. */
final class ManPage {
  private final CommandSpec spec;
  private final StringBuilder page = new StringBuilder();

  private ManPage(CommandSpec spec) {
    this.spec = spec;
  }

  static String of(CommandSpec spec) {
    ManPage page = new ManPage(spec);
    page.head();
    page.arguments();
    page.commands();
    page.foot();
    return page.page.toString();
  }

  private void head() {
    String name = spec.qualifiedName("-");
    line(".TH \"%s\" 1 \"\" \"%s\"".formatted(name.toUpperCase(Locale.ROOT), spec.version()[0]));
    line(".SH NAME");
    line(escaped(name) + " \\- " + escaped(spec.usageMessage().description()[0]));
    line(".SH SYNOPSIS");
    line(escaped(spec.commandLine().getHelp().synopsis(0).strip()));
    line(".SH DESCRIPTION");
    text(spec.usageMessage().description());
  }

  private void arguments() {
    line(".SH OPTIONS");
    for (PositionalParamSpec p : spec.positionalParameters()) {
      item(p.paramLabel(), p.description());
    }
    for (OptionSpec o : spec.options()) {
      String value = o.arity().max() == 0 ? "" : "=" + o.paramLabel();
      item(String.join(", ", o.names()) + value, o.description());
    }
  }

  private void commands() {
    List<CommandLine> shown =
        spec.subcommands().values().stream()
            .filter(c -> !c.getCommandSpec().usageMessage().hidden())
            .toList();
    if (!shown.isEmpty()) {
      line(".SH COMMANDS");
      shown.forEach(c -> item(c.getCommandName(), c.getCommandSpec().usageMessage().description()));
    }
  }

  private void foot() {
    line(".SH NOTES");
    line(".nf");
    for (String footer : spec.usageMessage().footer()) {
      line(escaped(footer));
    }
    line(".fi");
    line(".SH EXIT STATUS");
    line("0 done, 1 the key is absent, 2 called wrongly, 3 the store refused.");
  }

  private void item(String term, String[] description) {
    line(".TP");
    line(".B " + escaped(term));
    text(description);
  }

  private void text(String[] lines) {
    for (String text : lines) {
      line(escaped(text));
    }
  }

  private void line(String text) {
    page.append(text).append('\n');
  }

  /** Text of which troff takes nothing for a request, an escape or a hyphen. */
  private static String escaped(String text) {
    String escaped = text.replace("\\", "\\e").replace("-", "\\-");
    return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
  }
}
