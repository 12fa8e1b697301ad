package io.funkhaus.scheduler.stem;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.Architecture;
import io.funkhaus.scheduler.Isolation;
import io.funkhaus.scheduler.LanguageRuntime;
import io.funkhaus.scheduler.sandbox.DestroyReason;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The decisions about stems: how many, for whom, covered by which memory. */
class StemBookTest {
  private static final StemKind NODE = kind("nodejs22.x");
  private static final StemKind PYTHON = kind("python3.11");
  private static final int PARALLEL = 2;
  private static final long SECOND = 1_000_000_000;

  private StemBook<String> book = book(new StemSettings(1, 4, 4, 64, Duration.ofHours(1)));
  private final Set<String> taken = new HashSet<>();
  private final List<Stem<String>> launching = new ArrayList<>();
  private final List<StemShelf<String>> reserving = new ArrayList<>();
  private final Map<String, Stem<String>> onHost = new HashMap<>();
  private final Map<String, DestroyReason> destroyed = new HashMap<>();
  private int made;
  private int stockMemory;
  private int takersMemory;
  private long now;

  private static StemKind kind(String runtime) {
    return new StemKind(
        new LanguageRuntime(runtime, Architecture.X86_64, "image"), Isolation.CONTAINER);
  }

  private static StemBook<String> book(StemSettings settings) {
    return new StemBook<>(settings, PARALLEL, RandomGenerator.getDefault());
  }

  @Test
  void an_installed_runtime_has_its_floor_ready_before_anybody_asks() {
    install(NODE);

    assertThat(book.counts()).containsExactly(new StemCount(NODE, 1, 0, 0));
    assertThat(stockMemory).isEqualTo(1);
  }

  @Test
  void what_is_taken_is_the_takers_and_another_one_is_made() {
    install(NODE);
    StemTaker<String> taker = taker();

    take(NODE, taker);
    everythingHappens();

    assertThat(granted(taker)).isEqualTo("s1");
    assertThat(made).isEqualTo(2);
    assertThat(stockMemory).isEqualTo(1);
  }

  @Test
  void whoever_has_just_got_one_has_the_processors_before_the_stock_is_made() {
    install(NODE);

    take(NODE, taker());
    now += SECOND / 20;
    tick();
    assertThat(reserving).isEmpty();

    now += SECOND / 10;
    tick();
    assertThat(reserving).hasSize(1);
  }

  @Test
  void who_waits_for_one_does_not_wait_for_the_processors_of_others() {
    install(NODE);

    take(NODE, taker());
    take(NODE, taker());

    assertThat(launching).hasSize(1);
  }

  @Test
  void the_oldest_goes_first() {
    book = book(new StemSettings(2, 4, 4, 64, Duration.ofHours(1)));
    install(NODE);
    StemTaker<String> taker = taker();

    take(NODE, taker);

    assertThat(granted(taker)).isEqualTo("s1");
  }

  @Test
  void without_stock_one_is_made_for_who_asks_and_none_beside() {
    book = book(new StemSettings(0, 0, 0, 64, Duration.ofHours(1)));
    StemTaker<String> taker = taker();

    take(NODE, taker);
    everythingHappens();

    assertThat(granted(taker)).isEqualTo("s1");
    assertThat(made).isEqualTo(1);
    assertThat(stockMemory).isZero();
  }

  @Test
  void no_more_are_made_at_the_same_time_than_may_be() {
    for (int i = 0; i < 5; i++) {
      take(i % 2 == 0 ? NODE : PYTHON, taker());
    }

    assertThat(launching.size() + reserving.size()).isEqualTo(PARALLEL);
  }

  @Test
  void many_cold_starts_raise_the_stock_up_to_the_most_and_quiet_lowers_it_again() {
    book = book(new StemSettings(1, 4, 4, 64, Duration.ofHours(9))); // none grows old meanwhile
    install(NODE);
    for (int i = 0; i < 20; i++) {
      take(NODE, taker());
      everythingHappens();
    }
    assertThat(book.counts().getFirst().ready()).isEqualTo(4);

    now += 300 * SECOND;
    tick();
    assertThat(book.counts().getFirst().ready()).isEqualTo(3);

    now += 3_000 * SECOND;
    tick();
    assertThat(book.counts().getFirst().ready()).isEqualTo(1);
    assertThat(destroyed).containsValue(DestroyReason.IDLE);
  }

  @Test
  void however_many_were_needed_no_more_are_remembered_than_may_be_kept() {
    install(NODE);
    for (int i = 0; i < 1_000; i++) {
      take(NODE, taker());
      everythingHappens();
    }

    now += 1_200 * SECOND;
    tick();

    assertThat(book.counts().getFirst().ready()).isEqualTo(1);
  }

  @Test
  void what_was_needed_once_is_made_again_when_there_is_processor_time_to_spare() {
    install(NODE);
    for (int i = 0; i < 20; i++) {
      take(NODE, taker());
      everythingHappens();
    }
    now += 300 * SECOND;

    book.leisure(false);
    for (int i = 0; i < 4; i++) {
      take(NODE, taker());
    }
    everythingHappens();
    assertThat(book.counts().getFirst().ready()).isEqualTo(2);
    book.leisure(true);
    tick();
    assertThat(reserving).isEmpty();

    book.leisure(false);
    now += 3 * SECOND;
    tick();
    assertThat(reserving).isEmpty();

    book.leisure(true);
    tick();
    assertThat(launching.size() + reserving.size()).isEqualTo(1);
    everythingHappens();
    assertThat(book.counts().getFirst().ready()).isEqualTo(3);
  }

  @Test
  void first_calls_that_are_expected_are_prepared_for_when_there_is_processor_time_to_spare() {
    install(NODE);

    book.leisure(false);
    book.expect(NODE, 6, now);
    everythingHappens();
    assertThat(book.counts().getFirst().ready()).isEqualTo(1);

    book.leisure(true);
    tick();
    assertThat(launching.size() + reserving.size()).isEqualTo(1);
    everythingHappens();
    assertThat(book.counts().getFirst().ready()).isEqualTo(3);
  }

  @Test
  void for_a_single_first_call_that_is_expected_nothing_is_made_to_be_thrown_away() {
    book = book(new StemSettings(0, 4, 4, 64, Duration.ofHours(1)));
    install(NODE);

    book.expect(NODE, 1, now);
    perform();
    everythingHappens();

    assertThat(made).isZero();
  }

  @Test
  void however_many_first_calls_are_expected_no_more_are_prepared_for_than_may_be_kept() {
    install(NODE);

    book.expect(NODE, 10_000, now);
    book.expect(NODE, 10_000, now);
    everythingHappens();
    assertThat(book.counts().getFirst().ready()).isEqualTo(4);

    now += 1_200 * SECOND;
    tick();
    assertThat(book.counts().getFirst().ready()).isEqualTo(1);
  }

  @Test
  void what_was_taken_lately_counts_the_same_when_more_is_expected() {
    book = book(new StemSettings(1, 8, 0, 64, Duration.ofHours(1)));
    install(NODE);
    for (int i = 0; i < 16; i++) {
      take(NODE, taker());
    }

    now += 20 * SECOND;
    book.expect(NODE, 1, now);
    everythingHappens();

    assertThat(book.counts().getFirst().ready()).isEqualTo(4);
  }

  @Test
  void a_first_call_that_has_come_is_not_expected_any_more() {
    install(NODE);
    for (int i = 0; i < 60; i++) {
      book.expect(NODE, 1, now);
      take(NODE, taker());
      now += 60 * SECOND;
    }

    everythingHappens();

    assertThat(book.counts().getFirst().ready()).isEqualTo(1);
  }

  @Test
  void for_what_cannot_be_made_nothing_is_prepared_again() {
    book = book(new StemSettings(0, 4, 4, 64, Duration.ofHours(1)));
    install(NODE);
    book.expect(NODE, 4, now);
    for (int failure = 0; failure < 3; failure++) {
      tick();
      reserveOne(true);
      fail(launching.getFirst());
      now += 60 * SECOND;
    }
    everythingHappens();

    assertThat(made).isZero();
  }

  @Test
  void what_is_expected_of_all_kinds_together_takes_no_more_than_one_kind_may() {
    book = book(new StemSettings(0, 4, 4, 64, Duration.ofHours(1)));
    StemKind walled = new StemKind(PYTHON.runtime(), Isolation.GVISOR);

    book.expect(walled, 100, now);
    book.expect(NODE, 100, now);
    tick();
    everythingHappens();

    assertThat(book.counts())
        .containsExactly(new StemCount(walled, 1, 0, 0), new StemCount(NODE, 2, 0, 0));
  }

  @Test
  void a_stem_that_dies_or_grows_old_is_replaced() {
    install(NODE);

    book.died("s1", now);
    perform();
    gone("s1");
    everythingHappens();
    assertThat(book.counts().getFirst().ready()).isEqualTo(1);

    now += 7200 * SECOND;
    tick();
    assertThat(destroyed).containsEntry("s2", DestroyReason.TOO_OLD);
    gone("s2");
    everythingHappens();
    assertThat(book.counts().getFirst().ready()).isEqualTo(1);
    assertThat(stockMemory).isEqualTo(1);
  }

  @Test
  void the_ages_of_several_are_spread() {
    Duration age = Duration.ofHours(1);
    StemSettings twenty = new StemSettings(20, 20, 20, 64, age);
    book = new StemBook<>(twenty, PARALLEL, new Random(1));
    install(NODE);
    long begin = now;

    now = begin + age.toNanos() * 79 / 100;
    tick();
    assertThat(destroyed).isEmpty();
    now = begin + age.toNanos() * 95 / 100;
    tick();
    int early = destroyed.size();
    assertThat(early).isBetween(1, 18);
    now = begin + age.toNanos() * 105 / 100;
    tick();
    assertThat(destroyed).hasSizeBetween(early + 1, 19).containsValue(DestroyReason.TOO_OLD);
  }

  @Test
  void a_launch_that_fails_is_told_to_one_who_waits_and_the_others_get_theirs() {
    StemTaker<String> first = taker();
    StemTaker<String> second = taker();
    take(NODE, first);
    take(NODE, second);

    fail(launching.getFirst());
    everythingHappens();

    assertThat(first.answer()).isInstanceOf(StemTaker.Answer.Failed.class);
    assertThat(granted(second)).isNotNull();
  }

  @Test
  void after_a_failure_the_stock_waits_longer_each_time() {
    book.install(NODE, now);
    perform();
    for (long pause = 2; pause <= 8; pause *= 2) {
      reserveOne(true);
      fail(launching.getFirst());
      now += pause * SECOND - 1;
      tick();
      assertThat(reserving).isEmpty();
      now += 1;
      tick();
      assertThat(reserving).hasSize(1);
    }
  }

  @Test
  void a_launch_that_succeeds_for_somebody_ends_the_pause_that_failures_made() {
    book.install(NODE, now);
    perform();
    for (int i = 0; i < 5; i++) {
      reserveOne(true);
      fail(launching.getFirst());
      now += 30 * SECOND;
      tick();
    }
    reserveOne(true);
    fail(launching.getFirst());

    take(NODE, taker());
    succeed(launching.getFirst());
    now += SECOND;
    tick();

    assertThat(reserving).hasSize(1);
  }

  @Test
  void one_that_died_while_it_was_given_away_is_made_up_for() {
    install(NODE);
    StemTaker<String> taker = taker();
    take(NODE, taker);

    book.retake(taker, now);
    perform();
    everythingHappens();

    assertThat(granted(taker)).isNotEqualTo("s1");
  }

  @Test
  void who_asks_for_another_one_is_not_given_the_last_once_more() {
    book = book(new StemSettings(0, 0, 0, 64, Duration.ofHours(1)));
    StemTaker<String> taker = taker();
    take(NODE, taker);
    everythingHappens();

    take(NODE, taker);
    assertThat(taker.answer()).isNull();
    everythingHappens();

    assertThat(granted(taker)).isEqualTo("s2");
  }

  @Test
  void functions_get_the_memory_of_the_stock_and_it_is_not_taken_back_at_once() {
    install(NODE);

    book.evict(64L << 20, now);
    perform();
    assertThat(destroyed).containsEntry("s1", DestroyReason.EVICTED);
    gone("s1");
    everythingHappens();

    assertThat(stockMemory).isZero();
    assertThat(made).isEqualTo(1);
  }

  @Test
  void the_memory_of_a_start_comes_back_when_nothing_is_left_of_what_it_got() {
    StemTaker<String> taker = taker();
    take(NODE, taker);
    everythingHappens();
    book.over(taker, now);
    perform();
    assertThat(takersMemory).isEqualTo(1);

    gone(granted(taker));

    assertThat(takersMemory).isZero();
  }

  @Test
  void who_gives_up_leaves_its_memory_to_what_was_being_made_for_it() {
    book = book(new StemSettings(0, 0, 0, 64, Duration.ofHours(1)));
    StemTaker<String> taker = taker();
    take(NODE, taker);

    book.over(taker, now);
    perform();
    assertThat(takersMemory).isEqualTo(1);
    everythingHappens();
    tick();
    gone("s1");

    assertThat(takersMemory).isZero();
  }

  @Test
  void the_stock_does_not_live_on_the_memory_of_who_has_given_up() {
    install(NODE);
    take(NODE, taker());
    StemTaker<String> late = taker();
    take(NODE, late);

    book.over(late, now);
    perform();
    everythingHappens();
    List.copyOf(destroyed.keySet()).forEach(this::gone);
    everythingHappens();

    assertThat(book.counts().getFirst().ready()).isEqualTo(1);
    assertThat(stockMemory).isEqualTo(1);
    assertThat(takersMemory).isEqualTo(1);
  }

  @Test
  void closing_tells_who_waits_and_leaves_nothing() {
    install(NODE);
    StemTaker<String> served = taker();
    StemTaker<String> late = taker();
    take(NODE, served);
    take(NODE, late);

    book.close(now);
    perform();
    everythingHappens();
    book.over(late, now);
    perform();

    assertThat(late.answer()).isInstanceOf(StemTaker.Answer.Failed.class);
    assertThat(book.counts().getFirst().ready()).isZero();
  }

  @Test
  void whatever_happens_memory_covers_every_container_and_comes_back_once() {
    for (int round = 0; round < 100; round++) {
      long seed = Long.getLong("seed", System.nanoTime());
      live(new Random(seed), "run again with -Dseed=" + seed);
    }
  }

  private void live(Random random, String how) {
    book = book(new StemSettings(random.nextInt(3), 3, 3, 64, Duration.ofMinutes(1)));
    now = random.nextLong();
    List<StemTaker<String>> open = new ArrayList<>();
    install(NODE);
    for (int i = 0; i < 200; i++) {
      now += random.nextInt(1000) * 1_000_000L;
      step(random, open);
      perform();
      assertThat(onHost.size() + launching.size())
          .as(how)
          .isLessThanOrEqualTo(stockMemory + takersMemory);
      assertThat(launching.size() + reserving.size()).as(how).isLessThanOrEqualTo(PARALLEL);
    }
    book.close(now);
    perform();
    open.forEach(taker -> book.over(taker, now));
    perform();
    everythingHappens();
    List.copyOf(onHost.keySet()).forEach(this::gone);
    assertThat(stockMemory).as(how).isZero();
    assertThat(takersMemory).as(how).isZero();
    taken.clear();
  }

  private void step(Random random, List<StemTaker<String>> open) {
    switch (random.nextInt(10)) {
      case 0, 1 -> {
        StemTaker<String> taker = taker();
        open.add(taker);
        book.take(random.nextBoolean() ? NODE : PYTHON, taker, now);
      }
      case 2, 3 -> launchOne(random);
      case 4 -> reserveOne(random.nextInt(4) > 0);
      case 5 -> any(random, List.copyOf(onHost.keySet()), this::dies);
      case 6 ->
          any(
              random,
              open,
              taker -> {
                open.remove(taker);
                book.over(taker, now);
              });
      case 7 -> book.evict(random.nextInt(200) << 20, now);
      case 8 -> book.expect(random.nextBoolean() ? NODE : PYTHON, random.nextInt(5), now);
      default -> book.tick(now);
    }
  }

  private static <T> void any(Random random, List<T> of, java.util.function.Consumer<T> what) {
    if (!of.isEmpty()) {
      what.accept(of.get(random.nextInt(of.size())));
    }
  }

  private void launchOne(Random random) {
    if (launching.isEmpty()) {
      return;
    }
    Stem<String> stem = launching.get(random.nextInt(launching.size()));
    if (random.nextInt(4) == 0) {
      fail(stem);
    } else {
      succeed(stem);
    }
  }

  private void dies(String sandbox) {
    book.died(sandbox, now);
    perform();
    gone(sandbox);
  }

  // ---- steps ----

  private StemTaker<String> taker() {
    takersMemory++;
    return new StemTaker<>(() -> takersMemory--);
  }

  private void install(StemKind kind) {
    book.install(kind, now);
    perform();
    everythingHappens();
  }

  private void take(StemKind kind, StemTaker<String> taker) {
    book.take(kind, taker, now);
    perform();
  }

  private void tick() {
    book.tick(now);
    perform();
  }

  private String granted(StemTaker<String> taker) {
    assertThat(taker.answer()).isInstanceOf(StemTaker.Answer.Granted.class);
    return ((StemTaker.Answer.Granted<String>) requireNonNull(taker.answer())).sandbox();
  }

  private void perform() {
    for (StemAction<String> action : book.takeActions()) {
      switch (action) {
        case StemAction.Reserve<String>(var shelf) -> reserving.add(shelf);
        case StemAction.Launch<String>(var stem) -> launching.add(stem);
        case StemAction.Destroy<String>(var sandbox, var reason) -> destroyed.put(sandbox, reason);
        case StemAction.Release<String>(var memory) -> memory.run();
        case StemAction.Wake<String>(var taker) -> {
          if (taker.answer() instanceof StemTaker.Answer.Granted<String>(var sandbox)) {
            assertThat(taken.add(sandbox)).as("%s is given away once", sandbox).isTrue();
          }
        }
      }
    }
  }

  private void everythingHappens() {
    now += SECOND;
    tick();
    while (!launching.isEmpty() || !reserving.isEmpty()) {
      reserveOne(true);
      if (!launching.isEmpty()) {
        succeed(launching.getFirst());
      }
    }
  }

  private void reserveOne(boolean there) {
    if (reserving.isEmpty()) {
      return;
    }
    StemShelf<String> shelf = reserving.removeFirst();
    if (there) {
      stockMemory++;
      book.reserved(shelf, () -> stockMemory--, now);
    } else {
      book.notReserved(shelf, now);
    }
    perform();
  }

  private void succeed(Stem<String> stem) {
    launching.remove(stem);
    String sandbox = "s" + ++made;
    onHost.put(sandbox, stem);
    book.launched(stem, sandbox, now);
    perform();
  }

  private void fail(Stem<String> stem) {
    launching.remove(stem);
    book.failed(stem, new IOException("no engine"), now);
    perform();
    book.gone(stem, now);
    perform();
  }

  private void gone(String sandbox) {
    book.gone(requireNonNull(onHost.remove(sandbox)), now);
    perform();
  }
}
