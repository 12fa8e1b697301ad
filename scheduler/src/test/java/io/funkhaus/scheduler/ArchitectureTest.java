package io.funkhaus.scheduler;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses SCHEDULER =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.funkhaus.scheduler");

  @Test
  void only_one_package_knows_the_docker_client() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.funkhaus.scheduler.engine.docker..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.github.dockerjava..")
        .check(SCHEDULER);
  }

  @Test
  void packages_look_in_one_direction() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("contract")
        .definedBy("io.funkhaus.scheduler")
        .layer("time")
        .definedBy("io.funkhaus.scheduler.time")
        .layer("polling")
        .definedBy("io.funkhaus.scheduler.polling")
        .layer("engine")
        .definedBy("io.funkhaus.scheduler.engine")
        .layer("docker")
        .definedBy("io.funkhaus.scheduler.engine.docker")
        .layer("sandbox")
        .definedBy("io.funkhaus.scheduler.sandbox")
        .layer("pool")
        .definedBy("io.funkhaus.scheduler.pool")
        .layer("stem")
        .definedBy("io.funkhaus.scheduler.stem")
        .layer("fairness")
        .definedBy("io.funkhaus.scheduler.fairness")
        .layer("dispatch")
        .definedBy("io.funkhaus.scheduler.dispatch")
        .layer("book")
        .definedBy("io.funkhaus.scheduler.dispatch.book")
        .layer("policy")
        .definedBy("io.funkhaus.scheduler.dispatch.policy")
        .whereLayer("dispatch")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("book")
        .mayOnlyBeAccessedByLayers("dispatch")
        .whereLayer("policy")
        .mayOnlyBeAccessedByLayers("book", "dispatch")
        .whereLayer("docker")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("fairness")
        .mayOnlyBeAccessedByLayers("dispatch")
        .whereLayer("fairness")
        .mayOnlyAccessLayers("sandbox", "contract")
        .whereLayer("stem")
        .mayOnlyBeAccessedByLayers("dispatch")
        .whereLayer("pool")
        .mayOnlyBeAccessedByLayers("stem", "dispatch", "book", "policy")
        .whereLayer("sandbox")
        .mayOnlyBeAccessedByLayers("pool", "stem", "fairness", "dispatch", "book")
        .whereLayer("polling")
        .mayOnlyAccessLayers("time")
        .whereLayer("engine")
        .mayOnlyBeAccessedByLayers("docker", "sandbox", "pool", "stem", "dispatch")
        .ensureAllClassesAreContainedInArchitecture()
        .check(SCHEDULER);
  }

  /** A waiter is the one place where the book's answer meets the thread that waits for it. */
  @Test
  void decisions_of_dispatch_know_no_thread_no_lock_and_no_outside() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.funkhaus.scheduler.dispatch.book", "io.funkhaus.scheduler.dispatch.policy")
        .and()
        .doNotHaveSimpleName("Waiter")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.util.concurrent",
            "java.util.concurrent.locks",
            "java.io",
            "java.nio..",
            "org.slf4j..",
            "io.funkhaus.scheduler.time",
            "io.funkhaus.scheduler.engine..",
            "io.funkhaus.scheduler.stem")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Thread.class)
        .check(SCHEDULER);
  }

  @Test
  void the_machines_clock_is_read_in_one_place() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("io.funkhaus.scheduler.time.Ticker")
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(LocalDateTime.class, "now")
        .orShould()
        .callMethod(ZonedDateTime.class, "now")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Clock.class)
        .check(SCHEDULER);
  }

  @Test
  void it_is_a_plain_library() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.springframework..",
            "java.sql..",
            "javax.sql..",
            "jakarta..",
            "com.fasterxml..",
            "tools.jackson..",
            "java.net.http..")
        .check(SCHEDULER);
  }

  @Test
  void every_wait_can_end() {
    noClasses()
        .should()
        .callMethod(java.util.concurrent.Future.class, "get")
        .orShould()
        .callMethod(java.util.concurrent.CompletableFuture.class, "get")
        .orShould()
        .callMethod(java.util.concurrent.CompletableFuture.class, "join")
        .orShould()
        .callMethod(java.util.concurrent.CountDownLatch.class, "await")
        .orShould()
        .callMethod(Thread.class, "join")
        .check(SCHEDULER);
  }

  @Test
  void settings_are_read_where_they_are_handed_in() {
    noClasses()
        .should()
        .callMethod(System.class, "getenv")
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .orShould()
        .callMethod(System.class, "getProperty", String.class)
        .check(SCHEDULER);
  }

  @Test
  void records_and_endings_are_final() {
    classes()
        .that()
        .areTopLevelClasses()
        .and()
        .areNotInterfaces()
        .and()
        .areNotEnums()
        .should()
        .haveModifier(com.tngtech.archunit.core.domain.JavaModifier.FINAL)
        .check(SCHEDULER);
  }
}
