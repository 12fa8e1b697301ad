package io.funkhaus.scheduler.dispatch.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.funkhaus.scheduler.CapturedLog;
import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.Refusal;
import io.funkhaus.scheduler.Refusal.Limit;
import io.funkhaus.scheduler.Report;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.Specs;
import io.funkhaus.scheduler.Usage;
import io.funkhaus.scheduler.dispatch.policy.Capacity;
import io.funkhaus.scheduler.dispatch.policy.HostLoad;
import io.funkhaus.scheduler.dispatch.policy.Limits;
import io.funkhaus.scheduler.dispatch.policy.StartKind;
import io.funkhaus.scheduler.dispatch.policy.StartPolicy;
import io.funkhaus.scheduler.pool.Lifetimes;
import io.funkhaus.scheduler.pool.Member;
import io.funkhaus.scheduler.sandbox.DestroyReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DispatchBookTest {
  private static final long MILLI = 1_000_000;
  private static final SandboxSpec HELLO = Specs.function("hello");
  private static final SandboxSpec OTHER = Specs.function("other");

  private long now = MILLI;
  private final List<StartTicket<String>> starts = new ArrayList<>();
  private final List<String> destroyed = new ArrayList<>();
  private final List<Waiter<String>> woken = new ArrayList<>();
  private DispatchBook<String> book = book(limits(1024, 2, 10, 10));

  @Test
  void the_first_invocation_waits_for_a_start_and_is_told_how_long_it_took() {
    Waiter<String> waiter = arrive(HELLO);
    assertThat(waiter.answer()).isNull();
    assertThat(starts).hasSize(1);

    now += 300 * MILLI;
    started(starts.getFirst(), "s1");

    Acquisition.Granted<String> granted = granted(waiter);
    assertThat(granted.member().sandbox().sandbox()).isEqualTo("s1");
    assertThat(granted.waited().initNanos()).isEqualTo(300 * MILLI);
    assertThat(granted.waited().queueNanos()).isZero();
  }

  @Test
  void an_idle_sandbox_is_lent_at_once_and_to_one_only() {
    Member<Seat<String>> member = running(HELLO, "s1");
    release(member);

    assertThat(book.lend(HELLO, now)).isSameAs(member);
    assertThat(book.lend(HELLO, now)).isNull();
  }

  @Test
  void a_sandbox_is_never_lent_to_another_function_version_or_tenant() {
    release(running(HELLO, "s1"));

    assertThat(book.lend(OTHER, now)).isNull();
    assertThat(book.lend(Specs.function("999999999999", "hello", 128), now)).isNull();
    assertThat(book.lend(Specs.function(Specs.TENANT, "hello", 256), now)).isNull();
  }

  @Test
  void who_waits_gets_the_sandbox_that_comes_back_first_come_first_served() {
    Member<Seat<String>> member = running(HELLO, "s1");
    Waiter<String> first = arrive(HELLO);
    now += MILLI;
    Waiter<String> second = arrive(HELLO);

    release(member);

    assertThat(granted(first).member()).isSameAs(member);
    assertThat(granted(first).waited().initNanos()).isZero();
    assertThat(second.answer()).isNull();
  }

  @Test
  void a_tenant_sees_what_it_uses_and_nothing_of_others() {
    running(HELLO, "s1");
    arrive(HELLO);
    arrive(Specs.function("999999999999", "theirs", 128));

    Usage usage = book.usage(Specs.TENANT);

    assertThat(usage.running()).isEqualTo(1);
    assertThat(usage.waiting()).isEqualTo(1);
    assertThat(usage.limit()).isEqualTo(10);
    assertThat(usage.functions())
        .extracting(Usage.OfFunction::function, Usage.OfFunction::busy)
        .containsExactly(tuple("hello", 1));
    assertThat(book.usage("111111111111")).isEqualTo(new Usage(0, 0, 10, List.of()));
  }

  @Test
  void a_sandbox_that_is_not_usable_any_more_is_not_lent_again() {
    Member<Seat<String>> member = running(HELLO, "s1");
    book.released(member, false, now);

    assertThat(book.lend(HELLO, now)).isNull();
  }

  @Test
  void no_more_than_the_parallel_starts_are_begun() {
    for (int i = 0; i < 5; i++) {
      arrive(Specs.function("f" + i));
    }

    assertThat(starts).hasSize(2);
    started(starts.get(0), "s0");
    assertThat(starts).hasSize(3);
  }

  @Test
  void starts_are_given_to_tenants_in_turn() {
    for (int i = 0; i < 6; i++) {
      arrive(Specs.function("flooding", "f" + i, 128));
    }
    arrive(Specs.function("quiet", "q", 128));

    started(starts.get(0), "s0");
    started(starts.get(1), "s1");

    assertThat(starts.getLast().line().tenant.id).isEqualTo("quiet");
  }

  @Test
  void two_hundred_callers_of_a_cold_function_with_five_places_start_at_most_five() {
    book = book(limits(4096, 3, 1000, 5));
    List<Waiter<String>> waiters = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      waiters.add(arrive(HELLO));
    }
    int begun = 0;
    while (begun < starts.size()) {
      now += 300 * MILLI;
      started(starts.get(begun), "s" + begun);
      begun++;
      tick(20);
    }
    assertThat(begun).isBetween(1, 5);
    serveAll(waiters);
    assertThat(waiters).allSatisfy(waiter -> assertThat(waiter.answer()).isNotNull());
    assertThat(starts).hasSizeLessThanOrEqualTo(5);
  }

  @Test
  void a_tenant_at_its_limit_waits_and_the_refusal_names_limit_value_and_who_can_raise_it() {
    book = book(limits(4096, 3, 1, 10));
    running(HELLO, "s1");
    Waiter<String> waiter = arrive(OTHER);
    assertThat(starts).hasSize(1);

    tick(16_000);

    Refusal refusal = refusal(waiter);
    assertThat(refusal.limit()).isEqualTo(Limit.TENANT_CONCURRENCY);
    assertThat(refusal.message())
        .contains("workspace limit 1 of 1 running", "operator", "15000 ms");
  }

  @Test
  void a_place_that_one_function_gives_back_goes_to_another_function_of_the_tenant() {
    book = book(limits(4096, 3, 1, 10));
    Member<Seat<String>> first = running(HELLO, "s1");
    Waiter<String> waiter = arrive(OTHER);

    release(first);
    now += 300 * MILLI;
    started(starts.getLast(), "s2");

    assertThat(granted(waiter).member().sandbox().sandbox()).isEqualTo("s2");
  }

  @Test
  void a_function_at_its_limit_is_refused_in_its_own_name() {
    book = book(limits(4096, 3, 10, 1));
    running(HELLO, "s1");
    Waiter<String> waiter = arrive(HELLO);

    tick(16_000);

    assertThat(refusal(waiter).limit()).isEqualTo(Limit.FUNCTION_CONCURRENCY);
  }

  @Test
  void an_idle_sandbox_of_another_function_makes_room_but_only_when_its_memory_is_back() {
    book = book(limits(128, 2, 10, 10));
    Member<Seat<String>> idle = running(HELLO, "s1");
    release(idle);

    Waiter<String> waiter = arrive(OTHER);

    assertThat(destroyed).containsExactly("s1 EVICTED");
    assertThat(starts).hasSize(1);
    gone(idle);
    assertThat(starts).hasSize(2);
    started(starts.getLast(), "s2");
    assertThat(granted(waiter).member().sandbox().sandbox()).isEqualTo("s2");
  }

  @Test
  void a_sandbox_that_runs_is_never_taken_for_its_memory() {
    book = book(limits(128, 2, 10, 10));
    running(HELLO, "s1");
    Waiter<String> waiter = arrive(OTHER);

    tick(16_000);

    assertThat(destroyed).isEmpty();
    assertThat(refusal(waiter).limit()).isEqualTo(Limit.MEMORY_BUDGET);
  }

  @Test
  void a_tenant_that_has_all_the_memory_gives_some_to_one_that_has_none() {
    book = book(limits(256, 2, 10, 10));
    SandboxSpec flood = Specs.function("flooding", "f", 128);
    Member<Seat<String>> first = running(flood, "s1");
    now += 5_000 * MILLI;
    arrive(flood);
    Member<Seat<String>> second = startNext("s2");
    arrive(flood);
    Waiter<String> quiet = arrive(Specs.function("quiet", "q", 128));

    release(first);

    assertThat(destroyed).containsExactly("s1 EVICTED");
    gone(first);
    assertThat(starts.getLast().line().tenant.id).isEqualTo("quiet");
    assertThat(quiet.answer()).isNull();
    assertThat(second.state()).isEqualTo(Member.State.BUSY);
  }

  @Test
  void a_function_larger_than_the_host_is_refused_at_once() {
    Waiter<String> waiter = arrive(Specs.function(Specs.TENANT, "huge", 2048));

    Refusal refusal = refusal(waiter);
    assertThat(refusal.limit()).isEqualTo(Limit.MEMORY_BUDGET);
    assertThat(refusal.message()).contains("2048 MB", "1024 MB");
  }

  @Test
  void a_queue_that_is_full_refuses_at_once() {
    book = book(new Limits(1L << 30, 2, 10, 10, 3, 100, Duration.ofSeconds(15)));
    for (int i = 0; i < 3; i++) {
      assertThat(arrive(HELLO).answer()).isNull();
    }

    Waiter<String> fourth = arrive(HELLO);

    assertThat(refusal(fourth).limit()).isEqualTo(Limit.QUEUE_LENGTH);
  }

  @Test
  void who_has_little_in_a_full_queue_gets_the_place_of_the_last_of_those_who_have_most() {
    book = book(queue(8, 4));
    List<Waiter<String>> first = arrive("first", 4);
    List<Waiter<String>> second = arrive("second", 3);
    arrive("third", 1);

    Waiter<String> newcomer = arrive("fourth", 1).getFirst();

    assertThat(newcomer.answer()).isNull();
    assertThat(first.subList(0, 3)).allMatch(waiter -> waiter.answer() == null);
    assertThat(second).allMatch(waiter -> waiter.answer() == null);
    assertThat(woken).containsExactly(first.getLast());
    assertThat(refusal(first.getLast()).limit()).isEqualTo(Limit.QUEUE_LENGTH);
    assertThat(refusal(first.getLast()).message())
        .contains(
            "8 invocations of all workspaces wait already, the limit is 8",
            "4 of this workspace are no less than its fair share of 2");
    assertThat(book.waiting()).isEqualTo(8);
    assertThat(book.inconsistencies()).isEmpty();
  }

  @Test
  void a_full_queue_is_shared_out_and_nobody_is_brought_below_the_fair_share() {
    book = book(queue(12, 12));
    List<Waiter<String>> flood = arrive("flood", 12);

    List<Waiter<String>> quiet = arrive("quiet", 6);
    List<Waiter<String>> late = arrive("late", 4);

    assertThat(waiting(flood)).isEqualTo(4);
    assertThat(waiting(quiet)).isEqualTo(4);
    assertThat(waiting(late)).isEqualTo(4);
    assertThat(refusal(arrive("late", 1).getFirst()).message())
        .contains("of all workspaces", "the limit is 12", "4 of this workspace", "share of 4");
    assertThat(waiting(late)).isEqualTo(4);
    assertThat(book.inconsistencies()).isEmpty();
  }

  @Test
  void the_last_of_a_tenant_is_the_last_over_all_of_its_functions() {
    book = book(queue(4, 4));
    List<Waiter<String>> waiters = new ArrayList<>();
    for (String function : List.of("a", "b", "a", "c")) {
      now += MILLI;
      waiters.add(arrive(Specs.function("flood", function, 128)));
    }

    arrive("quiet", 2);

    assertThat(waiters)
        .extracting(waiter -> waiter.answer() == null)
        .containsExactly(true, true, false, false);
  }

  @Test
  void when_both_queues_are_full_the_tenants_own_limit_is_named() {
    book = book(queue(4, 2));
    arrive("first", 2);
    arrive("second", 2);

    assertThat(refusal(arrive("first", 1).getFirst()).message())
        .contains("2 invocations of this workspace wait already, the limit is 2");
  }

  @Test
  void who_would_be_refused_anyway_takes_nobodys_place() {
    book = book(queue(4, 4));
    List<Waiter<String>> flood = arrive("flood", 4);

    refusal(arrive(Specs.function("quiet", "huge", 2048)));

    assertThat(waiting(flood)).isEqualTo(4);
  }

  private static Limits queue(int total, int perTenant) {
    return new Limits(1L << 30, 2, 10, 10, perTenant, total, Duration.ofSeconds(15));
  }

  private List<Waiter<String>> arrive(String tenant, int count) {
    List<Waiter<String>> waiters = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      now += MILLI;
      waiters.add(arrive(Specs.function(tenant, "hello", 128)));
    }
    return waiters;
  }

  private static long waiting(List<Waiter<String>> waiters) {
    return waiters.stream().filter(waiter -> waiter.answer() == null).count();
  }

  @Test
  void a_module_that_does_not_load_ends_all_who_wait_for_it() {
    Waiter<String> first = arrive(HELLO);
    Waiter<String> second = arrive(HELLO);

    failInit(starts.getFirst());

    assertThat(first.answer()).isInstanceOf(Acquisition.Ended.class);
    assertThat(second.answer()).isInstanceOf(Acquisition.Ended.class);
  }

  @Test
  void after_three_failures_a_version_is_refused_at_once_then_tried_again() {
    for (int i = 0; i < 3; i++) {
      arrive(HELLO);
      failInit(starts.getLast());
    }
    Waiter<String> refused = arrive(HELLO);
    assertThat(refusal(refused).limit()).isEqualTo(Limit.INIT_BACKOFF);
    assertThat(starts).hasSize(3);

    tick(5_000);
    arrive(HELLO);

    assertThat(starts).hasSize(4);
  }

  @Test
  void when_a_start_fails_those_who_have_a_warm_sandbox_to_wait_for_go_on_waiting() {
    Member<Seat<String>> warm = running(HELLO, "s1");
    now += 5_000 * MILLI;
    Waiter<String> waiter = arrive(HELLO);
    assertThat(starts).hasSize(2);

    fail(starts.getLast());
    assertThat(waiter.answer()).isNull();
    release(warm);

    assertThat(granted(waiter).member()).isSameAs(warm);
  }

  @Test
  void who_goes_away_while_waiting_leaves_no_trace() {
    Waiter<String> waiter = arrive(HELLO);
    book.leave(waiter, now);
    perform();

    assertThat(book.waiting()).isZero();
  }

  @Test
  void who_goes_away_after_it_was_granted_gives_the_sandbox_back() {
    Waiter<String> waiter = arrive(HELLO);
    started(starts.getFirst(), "s1");

    book.leave(waiter, now);

    assertThat(book.lend(HELLO, now)).isNotNull();
  }

  @Test
  void a_sandbox_that_ended_while_idle_is_replaced_by_the_next_start() {
    Member<Seat<String>> member = running(HELLO, "s1");
    release(member);
    book.lost(member, now);

    Waiter<String> waiter = arrive(HELLO);
    assertThat(starts).hasSize(2);
    started(starts.getLast(), "s2");

    assertThat(granted(waiter).member().sandbox().sandbox()).isEqualTo("s2");
  }

  @Test
  void a_retired_version_loses_its_idle_sandboxes_now_and_its_busy_ones_at_their_end() {
    Member<Seat<String>> busy = running(HELLO, "busy");
    now += 5_000 * MILLI;
    arrive(HELLO);
    release(startNext("idle"));

    book.retire(HELLO, now);
    perform();
    assertThat(destroyed).containsExactly("idle RETIRED");
    release(busy);

    assertThat(destroyed).containsExactly("idle RETIRED", "busy RETIRED");
  }

  @Test
  void what_was_idle_for_too_long_is_destroyed() {
    release(running(HELLO, "s1"));

    tick(800_000);

    assertThat(destroyed).containsExactly("s1 IDLE");
    assertThat(book.lend(HELLO, now)).isNull();
  }

  @Test
  void after_closing_newcomers_are_refused_and_those_who_wait_are_served() {
    Waiter<String> before = arrive(HELLO);
    book.close();
    Waiter<String> after = arrive(HELLO);

    assertThat(refusal(after).limit()).isEqualTo(Limit.SHUTTING_DOWN);
    started(starts.getFirst(), "s1");
    assertThat(granted(before)).isNotNull();
  }

  @Test
  void at_the_end_those_who_wait_are_refused_and_the_idle_destroyed() {
    release(running(OTHER, "idle"));
    Waiter<String> waiter = arrive(HELLO);

    book.shutDown(now);
    perform();

    assertThat(refusal(waiter).limit()).isEqualTo(Limit.SHUTTING_DOWN);
    assertThat(destroyed).containsExactly("idle SHUTDOWN");
    started(starts.getLast(), "late");
    assertThat(destroyed).containsExactly("idle SHUTDOWN", "late SHUTDOWN");
  }

  @Test
  void while_the_processors_are_busy_tiny_runs_wait_for_each_other_beside_idle_sandboxes() {
    List<Member<Seat<String>>> running = sixRunning();
    for (int i = 0; i < 50; i++) {
      now += MILLI / 10;
      book.released(running.removeFirst(), true, now);
      running.add(book.lend(HELLO, now));
    }
    book.adapt(new HostLoad(0, Set.of()), now);
    running.forEach(this::release);

    List<Member<Seat<String>>> lent = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      lent.add(book.lend(HELLO, now));
    }
    assertThat(lent).doesNotContainNull();
    assertThat(book.lend(HELLO, now)).isNull();
    Waiter<String> first = arrive(HELLO);
    Waiter<String> second = arrive(HELLO);
    assertThat(first.answer()).isNull();
    assertThat(starts).hasSize(6);
    assertThat(book.waiting(first.requestId(), now).orElseThrow().message())
        .contains("processors are busy, 3 of");

    release(lent.removeFirst());
    assertThat(granted(first).member().state()).isEqualTo(Member.State.BUSY);
    assertThat(second.answer()).isNull();

    now += 250 * MILLI;
    book.adapt(HostLoad.NONE, now);
    assertThat(granted(second).member().state()).isEqualTo(Member.State.BUSY);
    assertThat(book.inconsistencies()).isEmpty();
  }

  @Test
  void
      a_version_that_wants_more_processors_than_there_are_gets_no_more_sandboxes_until_it_does_not() {
    sixRunning();
    book.adapt(new HostLoad(0, Set.of(HELLO)), now);

    Waiter<String> waiter = arrive(HELLO);
    now += 1_000 * MILLI;
    book.tick(now);
    perform();
    assertThat(starts).hasSize(6);
    assertThat(book.waiting(waiter.requestId(), now).orElseThrow().message())
        .contains("6 sandboxes of this version keep the processors busy");

    book.adapt(HostLoad.NONE, now);
    book.tick(now);
    perform();
    assertThat(starts).hasSize(7);
  }

  @Test
  void sandboxes_that_serve_nobody_any_more_keep_nobody_from_a_new_one() {
    sixRunning();
    book.adapt(new HostLoad(0, Set.of(HELLO)), now);
    book.retire(HELLO, now);

    arrive(HELLO);
    now += 1_000 * MILLI;
    book.tick(now);
    perform();

    assertThat(starts).hasSize(7);
  }

  private List<Member<Seat<String>>> sixRunning() {
    List<Waiter<String>> waiters = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      waiters.add(arrive(HELLO));
    }
    for (int i = 0; i < 6; i++) {
      now += 300 * MILLI;
      book.tick(now);
      perform();
      started(starts.get(i), "s" + i);
    }
    List<Member<Seat<String>>> running = new ArrayList<>();
    waiters.forEach(waiter -> running.add(granted(waiter).member()));
    return running;
  }

  // ---- steps ----

  private static Limits limits(int budgetMegabytes, int parallel, int perTenant, int perFunction) {
    return new Limits(
        (long) budgetMegabytes << 20,
        parallel,
        perTenant,
        perFunction,
        500,
        2_000,
        Duration.ofSeconds(15));
  }

  private static DispatchBook<String> book(Limits limits) {
    return new DispatchBook<>(
        limits,
        Lifetimes.DEFAULT,
        new StartPolicy(2),
        Readiness.NONE,
        new Capacity(limits.memoryBudgetBytes()),
        new Random(1));
  }

  private Waiter<String> arrive(SandboxSpec spec) {
    Waiter<String> waiter = book.arrive(spec, UUID.randomUUID(), now);
    perform();
    return waiter;
  }

  private Member<Seat<String>> running(SandboxSpec spec, String name) {
    Waiter<String> waiter = arrive(spec);
    started(starts.getLast(), name);
    return granted(waiter).member();
  }

  private Member<Seat<String>> startNext(String name) {
    Member<Seat<String>> member = book.started(starts.getLast(), name, StartKind.NOTHING, now);
    perform();
    return member;
  }

  private void started(StartTicket<String> ticket, String name) {
    book.started(ticket, name, StartKind.NOTHING, now);
    perform();
  }

  private void failInit(StartTicket<String> ticket) {
    Report report = new Report(0, 0, 0, true, -1, CapturedLog.EMPTY, "s");
    book.startFailed(
        ticket,
        new StartFailure.Init(
            new Outcome.HandlerFailed(new byte[0], Outcome.Phase.INIT, report), "bad module"),
        now);
    book.gone(ticket, now);
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

  private void gone(Member<Seat<String>> member) {
    book.gone(member.sandbox().ticket(), now);
    perform();
  }

  private void tick(long millis) {
    now += millis * MILLI;
    book.tick(now);
    perform();
  }

  private void serveAll(List<Waiter<String>> waiters) {
    for (Waiter<String> waiter : waiters) {
      if (waiter.answer() instanceof Acquisition.Granted<String> granted) {
        release(granted.member());
      }
    }
  }

  private void perform() {
    for (Action<String> action : book.takeActions()) {
      switch (action) {
        case Action.Start<String>(var ticket) -> starts.add(ticket);
        case Action.Destroy<String>(var sandbox, DestroyReason reason) ->
            destroyed.add(sandbox + " " + reason);
        case Action.EvictStems<String> none -> throw new AssertionError("there are no stems");
        case Action.Wake<String>(var waiter) -> {
          assertThat(waiter.answer()).isNotNull();
          woken.add(waiter);
        }
      }
    }
  }

  private static Acquisition.Granted<String> granted(Waiter<String> waiter) {
    if (waiter.answer() instanceof Acquisition.Granted<String> granted) {
      return granted;
    }
    throw new AssertionError("a sandbox was due, got " + waiter.answer());
  }

  private static Refusal refusal(Waiter<String> waiter) {
    if (waiter.answer() instanceof Acquisition.Refused<String>(var refusal)) {
      return refusal;
    }
    throw new AssertionError("a refusal was due, got " + waiter.answer());
  }
}
