package dev.hmap.cli;

import dev.hmap.HMap;
import dev.hmap.HMapBuilder;
import dev.hmap.cli.console.ExitCode;
import dev.hmap.cli.console.UsageException;
import dev.hmap.cli.text.TimeToLive;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes an empty store. */
@Command(
    name = "create",
    description = "Creates an empty store.",
    footer = {
      "",
      "Example:",
      "  hmap create hits.hmap --key string --value long --expected-entries 1000000"
    })
final class CreateCommand implements Callable<Integer> {
  @Mixin private StoreArguments store;
  @Mixin private CodecOptions codecs;

  @Option(
      names = "--expected-entries",
      paramLabel = "N",
      description = "Make room for this many; the store grows beyond by itself.")
  private long expectedEntries;

  @Option(
      names = "--ttl",
      paramLabel = "TIME",
      description = "How long an entry lives: 500ms, 30s, 15m, 12h, 7d; by default for ever.")
  private @Nullable String timeToLive;

  @Override
  public Integer call() {
    if (expectedEntries < 0) {
      throw new UsageException(
          "--expected-entries is %d: it must not be negative".formatted(expectedEntries));
    }
    HMapBuilder<?, ?> builder =
        HMap.at(store.path(), codecs.keys().codec(), codecs.values().codec())
            .withoutBean()
            .expectedEntries(expectedEntries);
    if (timeToLive != null) {
      builder.timeToLive(TimeToLive.parse("--ttl", timeToLive));
    }
    try (HMap<?, ?> created = builder.create()) {
      return created.isEmpty() ? ExitCode.DONE : ExitCode.REFUSED;
    }
  }
}
