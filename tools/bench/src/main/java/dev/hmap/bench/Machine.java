package dev.hmap.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** On what, and of which versions. */
final class Machine {
  private Machine() {}

  static Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
    facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put("architecture", System.getProperty("os.arch"));
    facts.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    facts.put("processor", processor());
    facts.put("load when it began", "%.1f".formatted(load()));
    facts.put("memory", "%,d MB".formatted(Memory.machineBytes() >> 20));
    return facts;
  }

  /** Threads of other programs that want to run, on average of the last minute. */
  static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  private static String processor() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(l -> l.startsWith("model name"))
          .findAny()
          .map(l -> l.substring(l.indexOf(':') + 1).strip())
          .orElse("unknown");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The versions of engines, as the names of their jars say. */
  static Map<String, String> versions(List<Engine> engines) {
    Map<String, String> versions = new LinkedHashMap<>();
    for (Engine e : engines) {
      if (e.artifact != null) {
        versions.put(e.label(), e.artifact + " " + version(e.artifact));
      }
    }
    return versions;
  }

  private static String version(String artifact) {
    Pattern jar = Pattern.compile(Pattern.quote(artifact) + "-(\\d.*)\\.jar");
    for (String element : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Matcher name = jar.matcher(String.valueOf(Path.of(element).getFileName()));
      if (name.matches()) {
        return name.group(1);
      }
    }
    return "of an unknown version";
  }
}
