package dev.hmap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** {@code completion} and {@code man}. */
class CompletionAndManTest {
  @Test
  void completionScriptKnowsCommandsAndOptions() {
    Cli run = Cli.run("completion");
    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .startsWith("#!/usr/bin/env bash")
        .contains("complete -F _complete_hmap", "bashcompinit", "where", "--format", "redacted")
        .doesNotContain("picocli_hmap_man");
  }

  @Test
  void manualPageOfACommandHasItsOptionsAndArguments() {
    Cli run = Cli.run("man", "scan");
    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .startsWith(".TH \"HMAP-SCAN\" 1 ")
        .contains(
            ".SH NAME\nhmap\\-scan \\- Prints entries",
            ".SH SYNOPSIS\nhmap scan ",
            ".TP\n.B STORE\nThe store's data file.\n",
            ".TP\n.B \\-\\-limit=N\nPrint no more than this many.\n",
            "\\et \\en", // of --format
            ".SH EXIT STATUS\n");
  }

  @Test
  void manualPageOfHmapListsItsCommands() {
    assertThat(Cli.run("man").out())
        .startsWith(".TH \"HMAP\" 1 ")
        .contains(".SH COMMANDS\n", ".TP\n.B where\nShows where a key is")
        .doesNotContain(".B man\n");
  }

  /** Only the first line of a description is shown there. */
  @Test
  void theSummaryOfACommandIsCutOffInTheMiddle() {
    List<String> lines = Cli.run("--help").lines().map(String::stripTrailing).toList();
    List<String> commands = lines.subList(lines.indexOf("Commands:") + 1, lines.size());
    List<String> summaries = commands.stream().takeWhile(line -> !line.isEmpty()).toList();
    assertThat(summaries).hasSizeGreaterThan(20);
    for (int i = 0; i < summaries.size(); i++) {
      boolean goesOn = i + 1 < summaries.size() && summaries.get(i + 1).startsWith("   ");
      if (!goesOn) {
        assertThat(summaries.get(i)).endsWith(".");
      }
    }
  }

  @Test
  void textThatLooksLikeARequestIsText() {
    CommandSpec spec = CommandSpec.create().name("x").version("x 1");
    spec.usageMessage().description(".nf", "'ab", "a\\b");
    var _ = new CommandLine(spec);
    assertThat(ManPage.of(spec)).contains(".SH DESCRIPTION\n\\&.nf\n\\&'ab\na\\eb\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"import", "demo", "shell", "export"})
  void noLineOfAManualPageIsARequestByChance(String command) {
    assertThat(Cli.run("man", command).lines().filter(l -> l.startsWith(".") || l.startsWith("'")))
        .allMatch(l -> l.matches("\\.(TH|SH|TP|B|nf|fi)( .*)?"));
  }
}
