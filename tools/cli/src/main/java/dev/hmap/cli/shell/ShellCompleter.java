package dev.hmap.cli.shell;

import dev.hmap.cli.rows.OpenStore;
import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Completes the shell's commands, and keys where one is expected. */
public final class ShellCompleter<K, V> implements Completer {
  /** Keys that are offered, and keys that are looked at: a large store must not make one wait. */
  public static final int MAX_OFFERED = 20;

  static final int MAX_SEEN = 10_000;

  private final OpenStore<K, V> store;

  public ShellCompleter(OpenStore<K, V> store) {
    this.store = store;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> to) {
    String prefix = line.word().substring(0, line.wordCursor());
    if (line.wordIndex() == 0) {
      for (Verb verb : Verb.values()) {
        to.add(new Candidate(verb.word()));
      }
    } else if (line.wordIndex() == 1 && takesKey(line.words().getFirst())) {
      keys(prefix, to);
    }
  }

  private static boolean takesKey(String word) {
    for (Verb verb : Verb.values()) {
      if (verb.word().equals(word)) {
        return verb.takesKey();
      }
    }
    return false;
  }

  private void keys(String prefix, List<Candidate> to) {
    int seen = 0;
    for (K typed : store.map().keySet()) {
      if (to.size() == MAX_OFFERED || seen++ == MAX_SEEN) {
        return;
      }
      String key = store.keys().print(typed);
      if (key.startsWith(prefix) && key.chars().noneMatch(Character::isISOControl)) {
        to.add(new Candidate(key));
      }
    }
  }
}
