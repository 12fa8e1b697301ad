package io.funkhaus.scheduler.dispatch.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.FunctionScaling;
import io.funkhaus.scheduler.Refusal;
import io.funkhaus.scheduler.Refusal.Limit;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.Specs;
import io.funkhaus.scheduler.Waiting;
import io.funkhaus.scheduler.Waiting.Reason;
import io.funkhaus.scheduler.dispatch.policy.Capacity;
import io.funkhaus.scheduler.dispatch.policy.Limits;
import io.funkhaus.scheduler.dispatch.policy.StartKind;
import io.funkhaus.scheduler.dispatch.policy.StartPolicy;
import io.funkhaus.scheduler.pool.Lifetimes;
import io.funkhaus.scheduler.pool.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * How a tenant's concurrency is shared out, what is kept ready, and what those who wait are told.
 */
class DispatchBookScalingTest {
  private static final long MILLI = 1_000_000;
  private static final SandboxSpec HELLO = Specs.function("hello");
  private static final SandboxSpec OTHER = Specs.function("other");
  private static final SandboxSpec SHARED = Specs.shared(Specs.TENANT, "shared", 128, 3);

  private long now = MILLI;
  private final List<StartTicket<String>> starts = new ArrayList<>();
  private final List<String> destroyed = new ArrayList<>();
  private final DispatchBook<String> book = book();

  // ---- maximum and reserved concurrency ----

  @Test
  void a_function_runs_no_more_than_its_maximum_and_says_so() {
    arrange(scaling("hello", 1, 0));
    Member<Seat<String>> first = running(HELLO);
    assertThat(book.lend(HELLO, now)).isNull();
    Waiter<String> second = arrive(HELLO);

    Waiting why = waiting(second);
    assertThat(why.reason()).isEqualTo(Reason.FUNCTION_CONCURRENCY);
    assertThat(why.message()).contains("function limit 1 of 1 running");
    assertThat(starts).hasSize(1);

    release(first);
    assertThat(second.answer()).isInstanceOf(Acquisition.Granted.class);
  }

  @Test
  void the_maximum_counts_over_all_versions_of_the_function() {
    arrange(scaling("hello", 1, 0));
    running(HELLO);

    Waiter<String> other = arrive(version(HELLO, "2"));

    assertThat(waiting(other).reason()).isEqualTo(Reason.FUNCTION_CONCURRENCY);
    assertThat(starts).hasSize(1);
  }

  @Test
  void a_function_with_a_maximum_of_nothing_is_paused() {
    arrange(scaling("hello", 0, 0));

    Refusal refusal = refusal(arrive(HELLO));

    assertThat(refusal.limit()).isEqualTo(Limit.FUNCTION_CONCURRENCY);
    assertThat(refusal.message()).contains("hello", "paused", "0");
  }

  @Test
  void reserved_places_are_nobody_elses() {
    arrange(scaling("hello", null, 3));
    running(OTHER);
    Waiter<String> beyond = arrive(OTHER);
    tick(1_000);

    assertThat(starts).hasSize(1);
    assertThat(waiting(beyond).reason()).isEqualTo(Reason.TENANT_CONCURRENCY);
    assertThat(waiting(beyond).message()).contains("1 of 1 running beside 3 places reserved");

    for (int i = 0; i < 3; i++) {
      running(HELLO);
    }
    assertThat(book.usage(Specs.TENANT).running()).isEqualTo(4);
  }

  @Test
  void without_settings_the_defaults_are_back() {
    arrange(scaling("hello", 0, 3));
    arrange();

    assertThat(running(HELLO)).isNotNull();
    for (int i = 0; i < 3; i++) {
      running(OTHER);
    }
    assertThat(book.usage(Specs.TENANT).running()).isEqualTo(4);
  }

  @Test
  void nothing_is_kept_of_a_tenant_whose_settings_are_gone() {
    arrange(scaling("hello", 1, 1));
    assertThat(book.tenants()).isEqualTo(1);
    arrange();
    assertThat(book.tenants()).isZero();
  }

  // ---- kept ready ----

  @Test
  void what_is_to_be_kept_ready_is_started_without_a_caller_and_not_expired_by_idleness() {
    provision(2);
    assertThat(starts).hasSize(2);
    startAll();
    tick(3_600_000);

    assertThat(destroyed).isEmpty();
    assertThat(book.lend(HELLO, now)).isNotNull();
    assertThat(book.lend(HELLO, now)).isNotNull();
  }

  @Test
  void one_that_dies_is_replaced() {
    provision(1);
    Member<Seat<String>> member = startNext();
    tick(60_000);

    book.lost(member, now);
    perform();

    assertThat(starts).hasSize(2);
  }

  @Test
  void one_that_is_too_old_goes_only_when_another_one_is_there() {
    provision(1);
    startNext();
    tick(Duration.ofHours(5).toMillis());
    assertThat(destroyed).isEmpty();
    assertThat(starts).hasSize(2);

    startNext();
    tick(20);

    assertThat(destroyed).containsExactly("s1 TOO_OLD");
  }

  @Test
  void a_failing_one_is_tried_again_after_ever_longer_pauses() {
    provision(1);
    for (int i = 0; i < 100; i++) {
      if (starts.size() > destroyed.size()) {
        fail(starts.getLast());
        destroyed.add("failed");
      }
      tick(1_000);
    }
    assertThat(starts).hasSizeBetween(5, 9);
  }

  @Test
  void when_the_number_falls_those_that_are_too_many_go() {
    provision(3);
    startAll();
    provision(1);
    assertThat(destroyed).hasSize(2);
    arrange();
    assertThat(destroyed).hasSize(3);
  }

  @Test
  void usage_tells_what_is_wanted_and_what_is_there() {
    provision(2);
    startNext();

    assertThat(book.usage(Specs.TENANT).functions().getFirst().provisioned()).isEqualTo(2);
    assertThat(book.usage(Specs.TENANT).functions().getFirst().idle()).isEqualTo(1);
  }

  @Test
  void usage_tells_why_one_could_not_be_made_until_one_can() {
    provision(1);
    fail(starts.getLast());
    assertThat(provisionFailure()).contains("container engine");

    tick(1_500);
    startNext();
    assertThat(provisionFailure()).isNull();
  }

  @Test
  void what_failed_for_another_number_is_forgotten() {
    provision(1);
    fail(starts.getLast());
    provision(2);

    assertThat(provisionFailure()).isNull();
  }

  private @Nullable String provisionFailure() {
    return book.usage(Specs.TENANT).functions().getFirst().provisionFailure();
  }

  @Test
  void those_who_wait_and_the_starts_are_counted_by_what_they_wait_for_and_were_made_from() {
    arrange(scaling("hello", 1, 0));
    running(HELLO);
    arrive(HELLO);
    arrive(HELLO);
    arrive(OTHER);

    assertThat(book.waitingFor())
        .containsOnly(
            Map.entry(Reason.FUNCTION_CONCURRENCY, 2), Map.entry(Reason.SANDBOX_START, 1));
    assertThat(book.starts()).containsOnly(Map.entry(StartKind.NOTHING, 1L));
  }

  // ---- several invocations in one sandbox ----

  @Test
  void a_sandbox_is_lent_to_as_many_as_its_function_allows_the_used_one_first() {
    Member<Seat<String>> first = running(SHARED);
    assertThat(book.lend(SHARED, now)).isSameAs(first);
    assertThat(book.lend(SHARED, now)).isSameAs(first);
    assertThat(book.lend(SHARED, now)).isNull();

    release(first);
    assertThat(book.lend(SHARED, now)).isSameAs(first);
    assertThat(book.usage(Specs.TENANT).running()).isEqualTo(3);
  }

  @Test
  void one_that_is_retired_takes_no_more_and_leaves_after_its_last_invocation() {
    Member<Seat<String>> member = running(SHARED);
    book.lend(SHARED, now);
    book.retire(SHARED, now);
    perform();
    assertThat(book.lend(SHARED, now)).isNull();

    release(member);
    assertThat(destroyed).isEmpty();
    release(member);

    assertThat(destroyed).containsExactly("s1 RETIRED");
  }

  @Test
  void one_that_ended_is_lent_to_nobody_while_its_others_find_out() {
    Member<Seat<String>> member = running(SHARED);
    book.lend(SHARED, now);
    book.released(member, false, now);
    assertThat(book.lend(SHARED, now)).isNull();
    book.released(member, false, now);

    assertThat(book.usage(Specs.TENANT).running()).isZero();
    assertThat(book.inconsistencies()).isEmpty();
  }

  // ---- told why, and refused early ----

  @Test
  void who_waits_is_told_its_position_and_since_when() {
    for (int i = 0; i < 4; i++) {
      running(HELLO);
    }
    arrive(OTHER);
    now += 5 * MILLI;
    Waiter<String> second = arrive(HELLO);
    now += 7 * MILLI;

    Waiting why = waiting(second);

    assertThat(why.message()).contains("workspace limit 4 of 4 running");
    assertThat(why.position()).isEqualTo(2);
    assertThat(why.since()).isEqualTo(Duration.ofMillis(7));
    assertThat(book.waiting(UUID.randomUUID(), now)).isEmpty();
  }

  @Test
  void who_waits_for_a_start_is_told_so() {
    assertThat(waiting(arrive(HELLO)).reason()).isEqualTo(Reason.SANDBOX_START);
  }

  @Test
  void who_would_wait_too_long_is_refused_at_once_and_told_when_to_come_back() {
    arrange(scaling("hello", 1, 0));
    Member<Seat<String>> member = running(HELLO);
    now += 10_000 * MILLI;
    release(member);
    assertThat(book.lend(HELLO, now)).isNotNull();
    assertThat(arrive(HELLO).answer()).isNull();

    Refusal refusal = refusal(arrive(HELLO));

    assertThat(refusal.limit()).isEqualTo(Limit.FUNCTION_CONCURRENCY);
    assertThat(refusal.message()).contains("about 20 s", "15000 ms");
    assertThat(refusal.retryAfter()).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(13));
  }

  // ---- steps ----

  private static DispatchBook<String> book() {
    Limits limits = new Limits(4L << 30, 4, 4, 10, 500, 2_000, Duration.ofSeconds(15));
    return new DispatchBook<>(
        limits,
        Lifetimes.DEFAULT,
        new StartPolicy(2),
        Readiness.NONE,
        new Capacity(limits.memoryBudgetBytes()),
        new Random(1));
  }

  private static FunctionScaling scaling(String name, @Nullable Integer maximum, int reserved) {
    return new FunctionScaling(name, maximum, reserved, Map.of());
  }

  private static SandboxSpec version(SandboxSpec spec, String version) {
    return new SandboxSpec(
        spec.tenant(),
        spec.function(),
        version,
        spec.runtime(),
        spec.architecture(),
        spec.code(),
        spec.handler(),
        spec.memoryMegabytes(),
        spec.timeout(),
        spec.isolation(),
        spec.concurrency(),
        spec.environment());
  }

  private void arrange(FunctionScaling... functions) {
    book.arrange(Specs.TENANT, List.of(functions), now);
    perform();
  }

  private void provision(int count) {
    arrange(new FunctionScaling("hello", null, 0, Map.of(HELLO, count)));
  }

  private Waiter<String> arrive(SandboxSpec spec) {
    Waiter<String> waiter = book.arrive(spec, UUID.randomUUID(), now);
    perform();
    return waiter;
  }

  private Member<Seat<String>> running(SandboxSpec spec) {
    Waiter<String> waiter = arrive(spec);
    int begun = starts.size();
    if (waiter.answer() == null) {
      tick(1_000);
      assertThat(starts.size()).isGreaterThanOrEqualTo(begun);
      startNext();
    }
    if (waiter.answer() instanceof Acquisition.Granted<String> granted) {
      return granted.member();
    }
    throw new AssertionError("a sandbox was due, got " + waiter.answer());
  }

  private Member<Seat<String>> startNext() {
    StartTicket<String> ticket = starts.getLast();
    Member<Seat<String>> member = book.started(ticket, "s" + starts.size(), StartKind.NOTHING, now);
    perform();
    return member;
  }

  private void startAll() {
    for (StartTicket<String> ticket : List.copyOf(starts)) {
      book.started(ticket, "s", StartKind.NOTHING, now);
    }
    perform();
  }

  private void fail(StartTicket<String> ticket) {
    book.startFailed(ticket, new StartFailure.Platform(Refusals.engineUnavailable()), now);
    book.gone(ticket, now);
    perform();
  }

  private void release(Member<Seat<String>> member) {
    book.released(member, true, now);
    perform();
  }

  private void tick(long millis) {
    now += millis * MILLI;
    book.tick(now);
    perform();
  }

  private Waiting waiting(Waiter<String> waiter) {
    return book.waiting(waiter.requestId(), now).orElseThrow();
  }

  private static Refusal refusal(Waiter<String> waiter) {
    if (waiter.answer() instanceof Acquisition.Refused<String>(var refusal)) {
      return refusal;
    }
    throw new AssertionError("a refusal was due, got " + waiter.answer());
  }

  private void perform() {
    for (Action<String> action : book.takeActions()) {
      switch (action) {
        case Action.Start<String>(var ticket) -> starts.add(ticket);
        case Action.Destroy<String>(var sandbox, var reason) ->
            destroyed.add(sandbox + " " + reason);
        case Action.EvictStems<String> none -> throw new AssertionError("there are no stems");
        case Action.Wake<String>(var waiter) -> assertThat(waiter.answer()).isNotNull();
      }
    }
  }
}
