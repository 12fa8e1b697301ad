package io.funkhaus.scheduler.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.SchedulerFixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Callers that invoke one function over and over: each call's ending and how long it took. */
final class Callers implements AutoCloseable {

  /** Between a refusal and the next try: far less than any refusal asks for. */
  private static final Duration IMPATIENCE = Duration.ofMillis(10);

  private static final Duration END = Duration.ofSeconds(60);

  private final List<Thread> threads = new ArrayList<>();
  private final ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final AtomicLong asked = new AtomicLong();
  private volatile boolean stopping;

  /** One call that has ended. */
  record Answer(Outcome outcome, long begunAt, Duration took) {}

  private Callers() {}

  static Callers start(SchedulerFixture platform, SandboxSpec spec, String event, int callers) {
    Callers all = new Callers();
    for (int i = 0; i < callers; i++) {
      all.threads.add(
          Thread.ofVirtual()
              .start(() -> {
                while (!all.stopping) {
                  all.call(platform, spec, event);
                }
              }));
    }
    return all;
  }

  /** One call by each. */
  static Callers once(SchedulerFixture platform, SandboxSpec spec, String event, int callers) {
    return once(platform, Collections.nCopies(callers, spec), event);
  }

  /** One call of each. */
  static Callers once(SchedulerFixture platform, List<SandboxSpec> specs, String event) {
    Callers all = new Callers();
    for (SandboxSpec spec : specs) {
      all.threads.add(Thread.ofVirtual().start(() -> all.call(platform, spec, event)));
    }
    return all;
  }

  private void call(SchedulerFixture platform, SandboxSpec spec, String event) {
    asked.incrementAndGet();
    long begin = System.nanoTime();
    Outcome outcome = platform.invoke(spec, event);
    answers.add(new Answer(outcome, begin, Duration.ofNanos(System.nanoTime() - begin)));
    if (outcome instanceof Outcome.Refused) {
      LockSupport.parkNanos(IMPATIENCE.toNanos());
    }
  }

  /** All that have ended so far. */
  List<Answer> answers() {
    return List.copyOf(answers);
  }

  long count(Predicate<Outcome> which) {
    return answers.stream().filter(answer -> which.test(answer.outcome())).count();
  }

  /** How often each ending happened. */
  Map<String, Long> endings() {
    Map<String, Long> endings = new TreeMap<>();
    for (Answer answer : answers) {
      String ending =
          switch (answer.outcome()) {
            case Outcome.Refused(var refusal) -> "Refused " + refusal.limit();
            case Outcome other -> other.getClass().getSimpleName();
          };
      endings.merge(ending, 1L, Long::sum);
    }
    return endings;
  }

  /** Lets every caller end after the answer it waits for; each must have got one. */
  void stop() {
    stopping = true;
    for (Thread thread : threads) {
      try {
        assertThat(thread.join(END)).as("a caller still waits for its answer").isTrue();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
    assertThat(answers).as("every call has an ending").hasSize((int) asked.get());
  }

  @Override
  public void close() {
    stopping = true;
    threads.forEach(Thread::interrupt);
  }
}
