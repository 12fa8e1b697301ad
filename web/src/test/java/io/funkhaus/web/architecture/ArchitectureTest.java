package io.funkhaus.web.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.funkhaus.web.startup.StartupReport;
import jakarta.persistence.Entity;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Controller;

/** The rules of docs/architecture.md, held. */
class ArchitectureTest {
  private static final String ROOT = "io.funkhaus";
  private static JavaClasses product = new ClassFileImporter().importClasses(List.of());

  /** The only classes that read a clock themselves; everybody else is given one. */
  private static final Set<String> CLOCK_READERS =
      Set.of(
          "io.funkhaus.web.TimeConfiguration",
          "io.funkhaus.scheduler.time.Ticker",
          "io.funkhaus.scheduler.dispatch.SandboxScheduler");

  @BeforeAll
  static void importProduct() {
    product =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("/test-classes/"))
            .importPackages(ROOT);
  }

  @Test
  void the_rules_see_every_module() {
    for (String module : List.of("scheduler", "api", "web")) {
      assertThat(product.containPackage(ROOT + "." + module)).isTrue();
    }
    assertThat(product.size()).isGreaterThan(100);
  }

  @Test
  void modules_depend_downwards_only() {
    Architectures.layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("web")
        .definedBy("io.funkhaus.web..")
        .layer("api")
        .definedBy("io.funkhaus.api..")
        .layer("scheduler")
        .definedBy("io.funkhaus.scheduler..")
        .whereLayer("web")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("api")
        .mayOnlyBeAccessedByLayers("web")
        .whereLayer("scheduler")
        .mayOnlyBeAccessedByLayers("api", "web")
        .check(product);
  }

  @Test
  void features_of_the_api_have_no_cycles() {
    SlicesRuleDefinition.slices()
        .matching("io.funkhaus.api.(*)..")
        .should()
        .beFreeOfCycles()
        .check(product);
  }

  @Test
  void packages_of_functions_have_no_cycles_and_their_names_know_none_of_them() {
    SlicesRuleDefinition.slices()
        .matching("io.funkhaus.api.function.(*)..")
        .should()
        .beFreeOfCycles()
        .check(product);
    noClasses()
        .that()
        .resideInAPackage("io.funkhaus.api.function")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.funkhaus.api.function.*..")
        .check(product);
  }

  @Test
  void rows_of_functions_stay_among_functions() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.funkhaus.api.function..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.funkhaus.api.function.table")
        .check(product);
  }

  @Test
  void features_of_the_web_have_no_cycles() {
    SlicesRuleDefinition.slices()
        .matching("io.funkhaus.web.(*)..")
        .should()
        .beFreeOfCycles()
        .check(product);
  }

  @Test
  void packages_of_the_scheduler_have_no_cycles() {
    SlicesRuleDefinition.slices()
        .matching("io.funkhaus.scheduler.(*)..")
        .should()
        .beFreeOfCycles()
        .check(product);
  }

  @Test
  void the_scheduler_knows_no_spring_no_database_and_no_http_server() {
    noClasses()
        .that()
        .resideInAPackage("io.funkhaus.scheduler..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.springframework..", "java.sql..", "javax.sql..", "jakarta..", "tools.jackson..")
        .check(product);
  }

  @Test
  void docker_types_stay_in_one_package() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.funkhaus.scheduler.engine.docker")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.github.dockerjava..")
        .check(product);
  }

  @Test
  void only_the_wiring_chooses_the_container_engine() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.funkhaus.scheduler..", "io.funkhaus.web.operation")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.funkhaus.scheduler.engine..")
        .check(product);
  }

  @Test
  void entities_stay_in_the_api_and_are_not_public() {
    classes()
        .that()
        .areAnnotatedWith(Entity.class)
        .should()
        .resideInAPackage("io.funkhaus.api..")
        .check(product);
    classes()
        .that()
        .areAnnotatedWith(Entity.class)
        .and()
        .resideOutsideOfPackage("io.funkhaus.api.function.table")
        .should()
        .notBePublic()
        .check(product);
  }

  @Test
  void controllers_never_meet_an_entity() {
    noClasses()
        .that()
        .areMetaAnnotatedWith(Controller.class)
        .should()
        .dependOnClassesThat()
        .areAnnotatedWith(Entity.class)
        .check(product);
  }

  @Test
  void controllers_are_package_private() {
    classes()
        .that()
        .areMetaAnnotatedWith(Controller.class)
        .should()
        .bePackagePrivate()
        .check(product);
  }

  @Test
  void nothing_is_injected_into_fields() {
    fields().should().notBeAnnotatedWith(Autowired.class).check(product);
    fields().should().notBeAnnotatedWith(Value.class).check(product);
  }

  @Test
  void static_fields_hold_no_state() {
    fields().that().areStatic().should().beFinal().check(product);
  }

  @Test
  void clocks_are_given_not_read() {
    noClasses()
        .that(
            describe(
                "are given their clock",
                type -> !CLOCK_READERS.contains(outermost(type).getFullName())))
        .should()
        .callMethodWhere(describe("it reads a clock of the machine", ArchitectureTest::readsClock))
        .check(product);
  }

  @Test
  void asynchronous_work_is_not_started_with_the_common_pool() {
    noClasses()
        .should()
        .callMethod(java.util.concurrent.ForkJoinPool.class, "commonPool")
        .orShould()
        .callMethod(java.util.concurrent.CompletableFuture.class, "runAsync", Runnable.class)
        .check(product);
  }

  @Test
  void only_the_startup_report_prints() {
    noClasses()
        .that()
        .areNotAssignableTo(StartupReport.class)
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(product);
  }

  @Test
  void every_package_is_null_marked() {
    Set<String> unmarked = new TreeSet<>();
    for (JavaClass type : product) {
      JavaPackage home = type.getPackage();
      if (!home.isAnnotatedWith(NullMarked.class)) {
        unmarked.add(home.getName());
      }
    }
    assertThat(unmarked).isEmpty();
  }

  private static boolean readsClock(JavaCall<?> call) {
    String owner = call.getTargetOwner().getFullName();
    String method = call.getName();
    return switch (owner) {
      case "java.lang.System" -> method.equals("currentTimeMillis") || method.equals("nanoTime");
      case "java.time.Instant",
          "java.time.LocalDate",
          "java.time.LocalDateTime",
          "java.time.OffsetDateTime",
          "java.time.ZonedDateTime" ->
          method.equals("now") && call.getTarget().getParameterTypes().isEmpty();
      case "java.time.Clock" -> method.startsWith("system");
      case "java.time.InstantSource" -> method.equals("system");
      case "java.util.Date" -> method.equals("<init>");
      default -> false;
    };
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
  }
}
