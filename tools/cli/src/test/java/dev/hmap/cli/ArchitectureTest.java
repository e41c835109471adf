package dev.hmap.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Keeps the packages in reading order, and the command a user of the library like any other. */
@AnalyzeClasses(packages = "dev.hmap", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule packagesImportOnlyFromThoseBeforeThem =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("dev.hmap.cli..")
          .layer("console")
          .definedBy("dev.hmap.cli.console")
          .layer("text")
          .definedBy("dev.hmap.cli.text")
          .layer("rows")
          .definedBy("dev.hmap.cli.rows")
          .layer("report")
          .definedBy("dev.hmap.cli.report")
          .layer("bench, demo and shell")
          .definedBy("dev.hmap.cli.bench", "dev.hmap.cli.demo", "dev.hmap.cli.shell")
          .layer("commands")
          .definedBy("dev.hmap.cli")
          .whereLayer("commands")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("bench, demo and shell")
          .mayOnlyBeAccessedByLayers("commands")
          .whereLayer("report")
          .mayOnlyBeAccessedByLayers("bench, demo and shell", "commands")
          .whereLayer("rows")
          .mayOnlyBeAccessedByLayers("bench, demo and shell", "commands")
          .whereLayer("text")
          .mayOnlyBeAccessedByLayers("rows", "report", "bench, demo and shell", "commands")
          .ensureAllClassesAreContainedInArchitectureIgnoring(
              resideInAPackage("dev.hmap..").and(resideInAPackage("dev.hmap.cli..").negate()));

  @ArchTest
  static final ArchRule theLibraryIsUsedThroughWhatItExports =
      noClasses()
          .that()
          .resideInAPackage("dev.hmap.cli..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("dev.hmap..")
                  .and(
                      resideOutsideOfPackages(
                          "dev.hmap", "dev.hmap.error", "dev.hmap.report", "dev.hmap.cli..")));
}
