package org.bindsql;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What Maven cannot see: dependencies between the packages of this module. */
class LayersTest {
  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.bindsql");

  @Test
  void batchesExpressionsAndOperatorsDoNotKnowCalcite() {
    // ByteString, the form in which binary parameters arrive, belongs to Avatica.
    noClasses()
        .that()
        .resideInAnyPackage("org.bindsql.vector", "org.bindsql.expr", "org.bindsql.exec")
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "are of Calcite",
                type ->
                    type.getPackageName().startsWith("org.apache.calcite")
                        && !type.getPackageName().startsWith("org.apache.calcite.avatica")))
        .check(classes);
  }

  @Test
  void onlyKernelsUseTheVectorApi() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.bindsql.kernel")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.incubator.vector..")
        .check(classes);
  }
}
