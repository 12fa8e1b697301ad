package io.funkhaus.scheduler.dispatch.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.CapturedLog;
import io.funkhaus.scheduler.FunctionScaling;
import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.Refusal;
import io.funkhaus.scheduler.Refusal.Limit;
import io.funkhaus.scheduler.Report;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.Specs;
import io.funkhaus.scheduler.dispatch.policy.Capacity;
import io.funkhaus.scheduler.dispatch.policy.Limits;
import io.funkhaus.scheduler.dispatch.policy.StartKind;
import io.funkhaus.scheduler.dispatch.policy.StartPolicy;
import io.funkhaus.scheduler.pool.Lifetimes;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of refusal, brought about by what causes it: it names the limit, its value and whose
 * it is, and when to try again. A kind that is not in this table fails here.
 */
class RefusalsTest {
  private static final String OPERATOR = "the operator of this installation";
  private static final String OWNER = "whoever owns the function";
  private static final SandboxSpec HELLO = Specs.function("hello");
  private static final SandboxSpec OTHER = Specs.function("other");
  private static final Duration WAIT = Duration.ofSeconds(7);

  /**
   * One kind.
   *
   * @param method of {@link Refusals} that makes it
   * @param named the limit, or the thing that lacks, with its value
   * @param owners who can do something about it
   */
  record Kind(
      String method,
      Limit limit,
      List<String> named,
      List<String> owners,
      Supplier<Refusal> refusal) {
    @Override
    public String toString() {
      return method + " " + named;
    }
  }

  static List<Kind> kinds() {
    return Stream.of(ofTheInstallation(), ofTheFunction(), ofTheQueue(), ofWhatIsTaken())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Kind> ofTheInstallation() {
    return List.of(
        new Kind(
            "shuttingDown",
            Limit.SHUTTING_DOWN,
            List.of("the platform is shutting down"),
            List.of(OPERATOR),
            () -> new Host(limits()).closed().refused(HELLO)),
        new Kind(
            "engineUnavailable",
            Limit.ENGINE_UNAVAILABLE,
            List.of("the container engine does not do its part"),
            List.of(OPERATOR),
            Refusals::engineUnavailable),
        new Kind(
            "sandboxBroken",
            Limit.ENGINE_UNAVAILABLE,
            List.of("no sandbox for function hello"),
            List.of(OPERATOR),
            () -> Refusals.sandboxBroken(HELLO)),
        new Kind(
            "runtimeUnavailable",
            Limit.RUNTIME_UNAVAILABLE,
            List.of("no runtime nodejs22.x for X86_64"),
            List.of(OPERATOR, OWNER),
            () -> Refusals.runtimeUnavailable(HELLO)),
        new Kind(
            "isolationUnavailable",
            Limit.ISOLATION_UNAVAILABLE,
            List.of("isolation gvisor", "the reason"),
            List.of(OPERATOR, OWNER),
            () -> Refusals.isolationUnavailable(HELLO, "the reason")),
        new Kind(
            "larger",
            Limit.MEMORY_BUDGET,
            List.of("asks for 2048 MB", "may have 1024 MB"),
            List.of(OPERATOR, OWNER),
            () -> new Host(limits()).refused(Specs.function(Specs.TENANT, "huge", 2048))));
  }

  private static List<Kind> ofTheFunction() {
    return List.of(
        new Kind(
            "paused",
            Limit.FUNCTION_CONCURRENCY,
            List.of("maximum concurrency is 0"),
            List.of(OWNER),
            () -> new Host(limits()).arranged(0, 0).refused(HELLO)),
        new Kind(
            "functionMaximum",
            Limit.FUNCTION_CONCURRENCY,
            List.of("function limit 2 of 2 running", "within 7000 ms"),
            List.of(OWNER),
            () -> new Host(limits()).arranged(2, 0).running(HELLO, 2).refusedLate(HELLO)),
        new Kind(
            "initBackoff",
            Limit.INIT_BACKOFF,
            List.of("failed to load 3 times in a row", "not tried again for", "bad module"),
            List.of(OWNER),
            () -> new Host(limits()).failing(HELLO, 3).refused(HELLO)),
        new Kind(
            "codeUnavailable",
            Limit.CODE_UNAVAILABLE,
            List.of("the code of function hello version 1"),
            List.of(OPERATOR, OWNER),
            () -> Refusals.codeUnavailable(HELLO)));
  }

  private static List<Kind> ofTheQueue() {
    return List.of(
        new Kind(
            "tenantQueueFull",
            Limit.QUEUE_LENGTH,
            List.of("5 invocations of this workspace wait already, the limit is 5"),
            List.of(OPERATOR),
            () -> new Host(limits()).waiting(HELLO, 5).refused(HELLO)),
        new Kind(
            "queueFull",
            Limit.QUEUE_LENGTH,
            List.of("8 invocations of all workspaces", "the limit is 8", "4 of this workspace"),
            List.of(OPERATOR),
            () ->
                new Host(limits())
                    .waiting(HELLO, 4)
                    .waiting(Specs.function("999999999999", "theirs", 128), 4)
                    .refused(HELLO)),
        new Kind(
            "queueWait",
            Limit.QUEUE_WAIT,
            List.of("a sandbox is being started", "within 7000 ms"),
            List.of(OPERATOR),
            () -> new Host(limits()).refusedLate(HELLO)),
        new Kind(
            "queueWait",
            Limit.QUEUE_WAIT,
            List.of("2 of 2 parallel starts of the host under way", "within 7000 ms"),
            List.of(OPERATOR),
            () ->
                new Host(limits())
                    .waiting(OTHER, 1)
                    .waiting(Specs.function("third"), 1)
                    .refusedLate(HELLO)));
  }

  private static List<Kind> ofWhatIsTaken() {
    return List.of(
        new Kind(
            "tenantConcurrency",
            Limit.TENANT_CONCURRENCY,
            List.of("workspace limit 4 of 4 running"),
            List.of(OPERATOR),
            () -> new Host(limits()).running(OTHER, 4).refusedLate(HELLO)),
        new Kind(
            "reservedForOthers",
            Limit.TENANT_CONCURRENCY,
            List.of("workspace limit 1 of 1 running beside 3 places reserved"),
            List.of(OPERATOR, OWNER),
            () -> new Host(limits()).arranged(null, 3).running(OTHER, 1).refusedLate(OTHER)),
        new Kind(
            "versionLimit",
            Limit.FUNCTION_CONCURRENCY,
            List.of("sandbox limit 3 of 3 of one version"),
            List.of(OPERATOR),
            () -> new Host(limits(4, 3)).running(HELLO, 3).refusedLate(HELLO)),
        new Kind(
            "memoryBudget",
            Limit.MEMORY_BUDGET,
            List.of("host memory 1024 of 1024 MB given out, 128 MB needed"),
            List.of(OPERATOR),
            () ->
                new Host(limits())
                    .running(Specs.function(Specs.TENANT, "big", 1024), 1)
                    .refusedLate(HELLO)));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void a_refusal_names_the_limit_its_value_its_owner_and_when_to_try_again(Kind kind) {
    Refusal refusal = kind.refusal().get();

    assertThat(refusal.limit()).isEqualTo(kind.limit());
    assertThat(refusal.message()).contains(kind.named()).contains(kind.owners());
    assertThat(kind.owners()).isNotEmpty();
    assertThat(refusal.retryAfter()).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void every_kind_of_refusal_is_in_the_table() {
    assertThat(kinds())
        .extracting(Kind::method)
        .containsAll(
            Arrays.stream(Refusals.class.getDeclaredMethods())
                .filter(method -> method.getReturnType() == Refusal.class)
                .map(Method::getName)
                .toList());
    assertThat(kinds()).extracting(Kind::limit).contains(Limit.values());
  }

  private static Limits limits() {
    return limits(4, 10);
  }

  private static Limits limits(int perTenant, int perFunction) {
    return new Limits(1024L << 20, 2, perTenant, perFunction, 5, 8, WAIT);
  }

  /** A book in which something is the case. */
  private static final class Host {
    private final DispatchBook<String> book;
    private final Deque<StartTicket<String>> starts = new ArrayDeque<>();
    private long now = 1_000_000;

    Host(Limits limits) {
      this.book =
          new DispatchBook<>(
              limits,
              Lifetimes.DEFAULT,
              new StartPolicy(2),
              Readiness.NONE,
              new Capacity(limits.memoryBudgetBytes()),
              new Random(1));
    }

    Host closed() {
      book.close();
      return this;
    }

    /** Of function hello. */
    Host arranged(@Nullable Integer maximum, int reserved) {
      book.arrange(
          Specs.TENANT,
          List.of(new FunctionScaling(HELLO.function(), maximum, reserved, Map.of())),
          now);
      return this;
    }

    /** So many invocations that do not end. */
    Host running(SandboxSpec spec, int count) {
      for (int i = 0; i < count; i++) {
        Waiter<String> waiter = arrive(spec);
        while (waiter.answer() == null) {
          now += 300_000_000;
          book.tick(now);
          noteStarts();
          if (!starts.isEmpty()) {
            book.started(starts.removeFirst(), "s", StartKind.NOTHING, now);
            noteStarts();
          }
        }
        assertThat(waiter.answer()).isInstanceOf(Acquisition.Granted.class);
      }
      return this;
    }

    Host waiting(SandboxSpec spec, int count) {
      for (int i = 0; i < count; i++) {
        assertThat(arrive(spec).answer()).isNull();
      }
      return this;
    }

    Host failing(SandboxSpec spec, int count) {
      Report report = new Report(0, 0, 0, true, -1, CapturedLog.EMPTY, "s");
      Outcome outcome = new Outcome.HandlerFailed(new byte[0], Outcome.Phase.INIT, report);
      for (int i = 0; i < count; i++) {
        arrive(spec);
        StartTicket<String> ticket = starts.removeFirst();
        book.startFailed(ticket, new StartFailure.Init(outcome, "bad module"), now);
        book.gone(ticket, now);
      }
      return this;
    }

    /** That of the next one. */
    Refusal refused(SandboxSpec spec) {
      return refusal(arrive(spec));
    }

    /** That of the next one when it has waited for as long as one may. */
    Refusal refusedLate(SandboxSpec spec) {
      Waiter<String> waiter = arrive(spec);
      assertThat(waiter.answer()).isNull();
      now += WAIT.toNanos();
      book.tick(now);
      return refusal(waiter);
    }

    private static Refusal refusal(Waiter<String> waiter) {
      if (waiter.answer() instanceof Acquisition.Refused<String>(var refusal)) {
        return refusal;
      }
      throw new AssertionError("a refusal was due, got " + waiter.answer());
    }

    private Waiter<String> arrive(SandboxSpec spec) {
      Waiter<String> waiter = book.arrive(spec, UUID.randomUUID(), now);
      noteStarts();
      return waiter;
    }

    private void noteStarts() {
      for (Action<String> action : book.takeActions()) {
        if (action instanceof Action.Start<String>(var ticket)) {
          starts.add(ticket);
        }
      }
    }
  }
}
