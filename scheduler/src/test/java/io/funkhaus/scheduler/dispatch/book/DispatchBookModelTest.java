package io.funkhaus.scheduler.dispatch.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.CapturedLog;
import io.funkhaus.scheduler.FunctionScaling;
import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.Refusal;
import io.funkhaus.scheduler.Report;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.Specs;
import io.funkhaus.scheduler.dispatch.policy.Capacity;
import io.funkhaus.scheduler.dispatch.policy.Limits;
import io.funkhaus.scheduler.dispatch.policy.StartKind;
import io.funkhaus.scheduler.dispatch.policy.StartPolicy;
import io.funkhaus.scheduler.pool.Lifetimes;
import io.funkhaus.scheduler.pool.Member;
import io.funkhaus.scheduler.sandbox.DestroyReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random histories of arrivals, endings, failures, deaths and departures: after every step the
 * promises of the book hold, and at the end nobody is left waiting and no memory is left taken.
 */
class DispatchBookModelTest {
  private static final int STEPS = 2_000;
  private static final Limits LIMITS =
      new Limits(1024L << 20, 3, 4, 3, 20, 50, Duration.ofSeconds(15));

  /** So short that it is full most of the time. */
  private static final Limits SHORT_QUEUE =
      new Limits(1024L << 20, 3, 4, 3, 8, 12, Duration.ofSeconds(15));

  static List<Long> seeds() {
    long first = Long.getLong("seed", System.nanoTime());
    List<Long> seeds = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      seeds.add(first + i);
    }
    return seeds;
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void nobody_is_forgotten_and_nothing_is_shared_or_overspent(long seed) {
    new History(seed, LIMITS).play();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void a_full_queue_is_shared_out_fairly(long seed) {
    History history = new History(seed, SHORT_QUEUE);

    history.play();

    assertThat(history.displaced).as("places given to others").isPositive();
  }

  /** One random history and what it knows independently of the book. */
  private static final class History {
    private final Random random;
    private final Capacity capacity = new Capacity(LIMITS.memoryBudgetBytes());
    private final DispatchBook<SandboxSpec> book;
    private final List<SandboxSpec> specs = new ArrayList<>();
    private final List<StartTicket<SandboxSpec>> starting = new ArrayList<>();
    private final Set<Member<Seat<SandboxSpec>>> alive = new LinkedHashSet<>();
    private final List<Member<Seat<SandboxSpec>>> leaving = new ArrayList<>();
    private final List<Waiter<SandboxSpec>> waiting = new ArrayList<>();
    private final List<Member<Seat<SandboxSpec>>> running = new ArrayList<>();
    private final Map<String, List<FunctionScaling>> arranged = new HashMap<>();
    private final Set<String> grantedNow = new LinkedHashSet<>();
    private final Limits limits;
    private int displaced;
    private long now;

    History(long seed, Limits limits) {
      this.random = new Random(seed);
      this.limits = limits;
      this.book =
          new DispatchBook<>(
              limits,
              Lifetimes.DEFAULT,
              new StartPolicy(2),
              Readiness.NONE,
              capacity,
              new Random(seed));
      for (int tenant = 0; tenant < 3; tenant++) {
        for (int function = 0; function < 3; function++) {
          specs.add(
              Specs.shared(
                  "tenant" + tenant,
                  "f" + function,
                  128 << random.nextInt(3),
                  1 + random.nextInt(3)));
        }
      }
    }

    void play() {
      for (int step = 0; step < STEPS; step++) {
        now += random.nextInt(50) * 1_000_000L;
        step();
        perform();
        collectAnswers();
        check();
      }
      finish();
    }

    private void step() {
      if (random.nextInt(100) == 0) {
        arrange("tenant" + random.nextInt(3), random.nextInt(4) > 0);
        return;
      }
      switch (random.nextInt(12)) {
        case 0, 1, 2, 3 -> arrive();
        case 4, 5 -> endRun(random.nextInt(10) > 0);
        case 6, 7 -> endStart();
        case 8 -> goOneLeaving();
        case 9 -> die();
        case 10 -> leaveQueue();
        default -> book.tick(now);
      }
      if (random.nextInt(200) == 0) {
        book.retire(any(specs), now);
      }
    }

    private void arrange(String tenant, boolean anything) {
      List<FunctionScaling> scalings = new ArrayList<>();
      for (SandboxSpec spec : specs) {
        if (anything && spec.tenant().equals(tenant) && random.nextBoolean()) {
          scalings.add(
              new FunctionScaling(
                  spec.function(),
                  random.nextBoolean() ? random.nextInt(4) : null,
                  random.nextInt(3),
                  random.nextInt(4) == 0 ? Map.of(spec, random.nextInt(3)) : Map.of()));
        }
      }
      arrange(tenant, scalings);
    }

    private void arrange(String tenant, List<FunctionScaling> scalings) {
      arranged.put(tenant, scalings);
      book.arrange(tenant, scalings, now);
    }

    private void arrive() {
      SandboxSpec spec = any(specs);
      Member<Seat<SandboxSpec>> member = book.lend(spec, now);
      if (member != null) {
        run(member, spec);
        return;
      }
      List<Waiter<SandboxSpec>> before = unanswered();
      Waiter<SandboxSpec> newcomer = book.arrive(spec, UUID.randomUUID(), now);
      waiting.add(newcomer);
      checkPlaces(before, newcomer);
    }

    /** Whoever is refused for want of a place has had the fair share, and keeps it. */
    private void checkPlaces(List<Waiter<SandboxSpec>> before, Waiter<SandboxSpec> newcomer) {
      String tenant = tenant(newcomer);
      Map<String, Integer> had = perTenant(before);
      int own = had.getOrDefault(tenant, 0);
      int tenants = had.size() + (own == 0 ? 1 : 0);
      int share = limits.queueTotal() / tenants;
      List<Waiter<SandboxSpec>> lost = before.stream().filter(History::refusedForQueue).toList();
      if (refusedForQueue(newcomer)) {
        boolean allTaken = before.size() == limits.queueTotal() && own >= share;
        assertThat(allTaken || own == limits.queuePerTenant()).as("had no place left").isTrue();
      }
      int most = newcomer.answer() instanceof Acquisition.Refused<SandboxSpec> ? 0 : 1;
      assertThat(lost).as("lost their places").hasSizeLessThanOrEqualTo(most);
      for (Waiter<SandboxSpec> loser : lost) {
        displaced++;
        assertThat(before).as("there was room").hasSize(limits.queueTotal());
        assertThat(own).as("the newcomer had its share").isLessThan(share);
        assertThat(had.get(tenant(loser)))
            .as("the loser's tenant had most, and keeps its share")
            .isEqualTo(Collections.max(had.values()))
            .isGreaterThan(share);
      }
    }

    private static String tenant(Waiter<SandboxSpec> waiter) {
      return waiter.line().spec().tenant();
    }

    private List<Waiter<SandboxSpec>> unanswered() {
      return waiting.stream().filter(waiter -> waiter.answer() == null).toList();
    }

    private static Map<String, Integer> perTenant(List<Waiter<SandboxSpec>> waiters) {
      Map<String, Integer> count = new HashMap<>();
      waiters.forEach(waiter -> count.merge(tenant(waiter), 1, Integer::sum));
      return count;
    }

    private static boolean refusedForQueue(Waiter<SandboxSpec> waiter) {
      return waiter.answer() instanceof Acquisition.Refused<SandboxSpec>(var refusal)
          && refusal.limit() == Refusal.Limit.QUEUE_LENGTH;
    }

    private void run(Member<Seat<SandboxSpec>> member, SandboxSpec caller) {
      running.add(member);
      grantedNow.add(caller.tenant() + "/" + caller.function());
      assertThat(running.stream().filter(member::equals))
          .as("lent to more at once than its function allows")
          .hasSizeLessThanOrEqualTo(caller.concurrency());
      assertThat(member.sandbox().sandbox()).as("lent to another function").isEqualTo(caller);
    }

    private void endRun(boolean usable) {
      if (!running.isEmpty()) {
        Member<Seat<SandboxSpec>> member = running.remove(random.nextInt(running.size()));
        if (!usable) {
          depart(member);
        }
        book.released(member, usable, now);
      }
    }

    private void depart(Member<Seat<SandboxSpec>> member) {
      if (alive.remove(member)) {
        leaving.add(member);
      }
    }

    private void endStart() {
      if (starting.isEmpty()) {
        return;
      }
      StartTicket<SandboxSpec> ticket = starting.remove(random.nextInt(starting.size()));
      int kind = random.nextInt(10);
      if (kind == 0) {
        book.startFailed(ticket, initFailure(), now);
        book.gone(ticket, now);
      } else if (kind == 1) {
        book.startFailed(ticket, new StartFailure.Platform(Refusals.engineUnavailable()), now);
        book.gone(ticket, now);
      } else {
        Member<Seat<SandboxSpec>> member =
            book.started(ticket, ticket.line().pool.spec(), StartKind.NOTHING, now);
        alive.add(member);
      }
    }

    private static StartFailure initFailure() {
      Report report = new Report(0, 0, 0, true, -1, CapturedLog.EMPTY, "");
      return new StartFailure.Init(
          new Outcome.HandlerFailed(new byte[0], Outcome.Phase.INIT, report), "bad module");
    }

    private void goOneLeaving() {
      if (!leaving.isEmpty()) {
        book.gone(leaving.remove(random.nextInt(leaving.size())).sandbox().ticket(), now);
      }
    }

    private void die() {
      if (!alive.isEmpty() && random.nextInt(3) == 0) {
        Member<Seat<SandboxSpec>> member = any(List.copyOf(alive));
        depart(member);
        book.lost(member, now);
      }
    }

    private void leaveQueue() {
      if (!waiting.isEmpty() && random.nextInt(3) == 0) {
        book.leave(waiting.remove(random.nextInt(waiting.size())), now);
      }
    }

    private void perform() {
      for (Action<SandboxSpec> action : book.takeActions()) {
        switch (action) {
          case Action.Start<SandboxSpec>(var ticket) -> starting.add(ticket);
          case Action.Destroy<SandboxSpec>(var sandbox, DestroyReason reason) ->
              alive.stream()
                  .filter(member -> member.state() == Member.State.LEAVING)
                  .toList()
                  .forEach(this::depart);
          case Action.EvictStems<SandboxSpec> none ->
              throw new AssertionError("there are no stems");
          case Action.Wake<SandboxSpec>(var waiter) -> assertThat(waiter.answer()).isNotNull();
        }
      }
    }

    private void collectAnswers() {
      waiting.removeIf(waiter -> {
        if (waiter.answer() instanceof Acquisition.Granted<SandboxSpec> granted) {
          run(granted.member(), waiter.line().pool.spec());
        }
        return waiter.answer() != null;
      });
    }

    private void check() {
      checkShares();
      assertThat(book.inconsistencies()).isEmpty();
      assertThat(starting).hasSizeLessThanOrEqualTo(limits.parallelStarts());
      assertThat(book.waiting()).isEqualTo(waiting.size()).isLessThanOrEqualTo(limits.queueTotal());
      assertThat(perTenant(waiting).values()).allMatch(count -> count <= limits.queuePerTenant());
      assertThat(capacity.reservedBytes())
          .as("memory is taken by what starts, lives or leaves, and by nothing else")
          .isEqualTo(bytes());
      Map<String, Integer> perTenant = new HashMap<>();
      running.forEach(member -> perTenant.merge(member.pool().spec().tenant(), 1, Integer::sum));
      assertThat(perTenant.values())
          .allSatisfy(count -> assertThat(count).isLessThanOrEqualTo(limits.tenantConcurrency()));
    }

    /** What was granted in this step was granted within the limits as they are now. */
    private void checkShares() {
      for (SandboxSpec spec : specs) {
        if (grantedNow.contains(spec.tenant() + "/" + spec.function())) {
          checkShare(spec);
        }
      }
      grantedNow.clear();
    }

    private void checkShare(SandboxSpec spec) {
      List<FunctionScaling> scalings = arranged.getOrDefault(spec.tenant(), List.of());
      Map<String, Integer> reserved = new HashMap<>();
      for (FunctionScaling scaling : scalings) {
        Integer maximum = scaling.maximumConcurrency();
        int most = maximum == null ? Integer.MAX_VALUE : maximum;
        reserved.put(scaling.function(), Math.min(most, scaling.reservedConcurrency()));
        if (scaling.function().equals(spec.function())) {
          assertThat(runningOf(spec.tenant(), spec.function()))
              .as("more than the function's maximum")
              .isLessThanOrEqualTo(most);
        }
      }
      int own = reserved.getOrDefault(spec.function(), 0);
      if (runningOf(spec.tenant(), spec.function()) > own) {
        int all = reserved.values().stream().mapToInt(Integer::intValue).sum();
        assertThat(beyondReserved(spec.tenant(), reserved))
            .as("took what is reserved for another function")
            .isLessThanOrEqualTo(Math.max(0, limits.tenantConcurrency() - all));
      }
    }

    private int beyondReserved(String tenant, Map<String, Integer> reserved) {
      int beyond = 0;
      for (int function = 0; function < 3; function++) {
        String name = "f" + function;
        beyond += Math.max(0, runningOf(tenant, name) - reserved.getOrDefault(name, 0));
      }
      return beyond;
    }

    private int runningOf(String tenant, String function) {
      return (int)
          running.stream()
              .map(member -> member.pool().spec())
              .filter(spec -> spec.tenant().equals(tenant) && spec.function().equals(function))
              .count();
    }

    private long bytes() {
      long sum = 0;
      for (StartTicket<SandboxSpec> ticket : starting) {
        sum += ticket.line().pool.memoryBytes();
      }
      for (Member<Seat<SandboxSpec>> member : alive) {
        sum += member.pool().memoryBytes();
      }
      for (Member<Seat<SandboxSpec>> member : leaving) {
        sum += member.pool().memoryBytes();
      }
      return sum;
    }

    /** Everything ends well: then everybody is served or refused, and the host is empty. */
    private void finish() {
      for (int tenant = 0; tenant < 3; tenant++) {
        arrange("tenant" + tenant, List.of());
      }
      serveEverybody();
      provision();
      now += Duration.ofHours(6).toNanos();
      while (!starting.isEmpty()) {
        endStart();
        perform();
      }
      book.tick(now + Duration.ofHours(6).toNanos());
      perform();
      while (!leaving.isEmpty()) {
        goOneLeaving();
        perform();
      }
      book.tick(now + Duration.ofHours(7).toNanos());
      assertThat(capacity.reservedBytes()).isZero();
      assertThat(book.lines()).isEmpty();
      assertThat(book.tenants()).isZero();
    }

    /** What is to be kept ready gets ready, although starts fail now and then. */
    private void provision() {
      SandboxSpec kept = specs.getFirst();
      arrange(
          kept.tenant(), List.of(new FunctionScaling(kept.function(), null, 0, Map.of(kept, 2))));
      for (int round = 0; round < 600; round++) {
        now += 1_000_000_000;
        endStart();
        goOneLeaving();
        book.tick(now);
        perform();
        check();
      }
      assertThat(alive.stream().filter(member -> member.pool().spec().equals(kept)))
          .as("kept ready")
          .hasSizeGreaterThanOrEqualTo(2);
      arrange(kept.tenant(), List.of());
      perform();
    }

    private void serveEverybody() {
      for (int round = 0; round < 2_000 && !(waiting.isEmpty() && running.isEmpty()); round++) {
        now += 20_000_000;
        endRun(true);
        endStart();
        goOneLeaving();
        book.tick(now);
        perform();
        collectAnswers();
        check();
      }
      assertThat(waiting).as("forgotten").isEmpty();
    }

    private <T> T any(List<T> list) {
      return list.get(random.nextInt(list.size()));
    }
  }
}
