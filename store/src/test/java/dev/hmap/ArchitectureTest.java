package dev.hmap;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.dependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.util.List;

/** Keeps the packages in reading order, and the outside world behind {@code dev.hmap.io}. */
@AnalyzeClasses(packages = "dev.hmap", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  /** Each package may import only from those before it. */
  private static final List<String> ORDER =
      List.of(
          "dev.hmap.event..",
          "dev.hmap.error..",
          "dev.hmap.report..",
          "dev.hmap.format..",
          "dev.hmap.io..",
          "dev.hmap.log..",
          "dev.hmap.table..",
          "dev.hmap.checkpoint..",
          "dev.hmap.recovery..",
          "dev.hmap.write..",
          "dev.hmap.store..",
          "dev.hmap.maintenance..",
          "dev.hmap");

  @ArchTest
  static final ArchRule everyClassLiesInAListedPackage =
      classes().should().resideInAnyPackage(ORDER.toArray(String[]::new)).allowEmptyShould(true);

  @ArchTest static final ArchRule packagesImportOnlyFromThoseBeforeThem = importDirection();

  @ArchTest
  static final ArchRule onlyIoTouchesTheFileSystem =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.hmap.io..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.nio.channels..")
          .orShould()
          .dependOnClassesThat()
          .haveNameMatching(
              "java\\.nio\\.file\\.Files"
                  + "|java\\.io\\.(RandomAccessFile|File(Input|Output)Stream|File(Reader|Writer))")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule noOneUsesUnsafe =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveNameMatching("(sun\\.misc|jdk\\.internal\\.misc)\\.Unsafe")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule noOneOpensSockets =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveNameMatching(
              "java\\.net\\..*Socket.*|java\\.net\\.http\\..*|java\\.nio\\.channels\\..*Socket.*")
          .allowEmptyShould(true);

  private static ArchRule importDirection() {
    ArchRule all = null;
    for (int i = 0; i < ORDER.size() - 1; i++) {
      String[] later = ORDER.subList(i + 1, ORDER.size()).toArray(String[]::new);
      ArchRule one =
          noClasses()
              .that()
              .resideInAPackage(ORDER.get(i))
              .should(dependOnClassesThat(resideInAnyPackage(later)))
              .allowEmptyShould(true);
      all = all == null ? one : CompositeArchRule.of(all).and(one);
    }
    return all;
  }
}
