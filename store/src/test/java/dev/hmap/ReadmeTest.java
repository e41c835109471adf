package dev.hmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs the programs of the project's README.md, each twice in a folder of its own. */
class ReadmeTest {
  private static final Pattern BLOCK =
      Pattern.compile("^```java\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern CLASS =
      Pattern.compile("^public (?:final )?class (\\w+)", Pattern.MULTILINE);

  @TempDir Path folder;

  @TestFactory
  List<DynamicTest> programs() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (MatchResult block : BLOCK.matcher(Files.readString(readme())).results().toList()) {
      String source = block.group(1);
      CLASS
          .matcher(source)
          .results()
          .forEach(
              c -> tests.add(DynamicTest.dynamicTest(c.group(1), () -> run(c.group(1), source))));
    }
    assertThat(tests).as("programs in README.md").isNotEmpty();
    return tests;
  }

  /** Of the project, whether tests run in the module's folder or in its own. */
  private static Path readme() {
    Path here = Path.of("").toAbsolutePath();
    Path project = Files.exists(here.resolve("format-spec")) ? here : here.getParent();
    return project.resolve("README.md");
  }

  private void run(String name, String source) throws Exception {
    Path own = Files.createDirectory(folder.resolve(name));
    Path file = Files.writeString(own.resolve(name + ".java"), source);
    compile(file);
    String once = run(name, own);
    System.out.printf("readme: %s: %s%n", name, once.strip());
    assertThat(once).isNotBlank();
    assertThat(run(name, own)).as("on the store that it left").isNotBlank().isNotEqualTo(once);
  }

  private static void compile(Path file) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(said, null, null)) {
      List<String> options =
          List.of(
              "-Xlint:all",
              "-proc:none",
              "-classpath",
              System.getProperty("java.class.path"),
              "-d",
              file.getParent().toString());
      boolean done =
          compiler.getTask(null, files, said, options, null, files.getJavaFileObjects(file)).call();
      assertThat(said.getDiagnostics().stream().filter(d -> d.getSource() != null)).isEmpty();
      assertThat(done).isTrue();
    }
  }

  /** What a program prints, which must end without an error. */
  private static String run(String name, Path folder) throws Exception {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                folder
                    + System.getProperty("path.separator")
                    + System.getProperty("java.class.path"),
                name)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    return out;
  }
}
