package dev.hmap.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Starts a worker for each trial, one after the other, and collects what they say. */
final class Runner {
  private static final long LIMIT_MINUTES = 60;

  private final Path out;
  private final Settings settings;
  private final Progress progress;
  private final Results results = new Results();

  Runner(Path out, Settings settings, Progress progress) {
    this.out = out;
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * Does all trials of all rounds.
   *
   * @param rounds the trials of each
   */
  Results run(List<List<Trial>> rounds) throws IOException, InterruptedException {
    List<Trial> left = new ArrayList<>();
    rounds.forEach(left::addAll);
    for (int r = 0; r < rounds.size(); r++) {
      for (Trial trial : rounds.get(r)) {
        progress.beginning(r + 1, rounds.size(), trial, left);
        left.removeFirst();
        Optional<String> refusal = Budget.refusal(trial, out);
        if (refusal.isPresent()) {
          results.addMissing(trial, refusal.get());
        } else {
          run(trial);
        }
      }
    }
    return results;
  }

  private void run(Trial trial) throws IOException, InterruptedException {
    Path folder = Folder.fresh(out.resolve("stores"));
    Path temporary = Folder.fresh(out.resolve("tmp"));
    Path said = out.resolve("worker.out");
    long start = System.nanoTime();
    Process worker =
        WorkerProcess.command(Worker.class, Budget.heapBytes(trial), temporary)
            .args(Worker.arguments(trial, settings, folder))
            .start(ProcessBuilder.Redirect.to(said.toFile()));
    Thread ifKilled = new Thread(worker::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(ifKilled);
    try {
      boolean ended = worker.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES);
      if (!ended || worker.exitValue() != 0) {
        String why =
            ended ? "exit code " + worker.exitValue() : "took over %d min".formatted(LIMIT_MINUTES);
        progress.say("%s failed: %s".formatted(trial, why));
        results.addFailure(trial, why);
      } else {
        Files.readAllLines(said).stream()
            .flatMap(line -> Figure.parse(line).stream())
            .forEach(f -> results.add(trial, f));
      }
    } finally {
      worker.destroyForcibly().waitFor();
      Runtime.getRuntime().removeShutdownHook(ifKilled);
      Folder.delete(folder);
      Folder.delete(temporary);
      Files.deleteIfExists(said);
    }
    progress.ended(trial, (System.nanoTime() - start) / 1e9);
  }
}
