package io.funkhaus.web.product;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.web.fixture.HttpCaller;
import io.funkhaus.web.fixture.RunningService;
import io.funkhaus.web.fixture.Workspace;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Calls that come at a constant pace, whether those before have been answered or not. */
class OverloadIT {
  private static final int PLACES = 4;
  private static final Duration CALM = Duration.ofSeconds(2);

  /** As long as it takes until more wait than may, twice over. */
  private static final Duration OVERLOAD = Duration.ofSeconds(6);

  /** Five hundred may wait, which takes six seconds, and on a busy machine up to what each may. */
  private static final Duration RECOVERED = Duration.ofSeconds(15);

  private static final Duration GIVEN_UP = Duration.ofSeconds(60);

  /**
   * The web server keeps what a thousand requests in progress need: 60 KB each; the callers too.
   */
  private static final long KEPT_BYTES = 128L << 20;

  private static HttpCaller api = HttpCaller.anonymous(RunningService.shared().url());

  @BeforeAll
  static void deploy() {
    api = Workspace.signUp(RunningService.shared()).api();
    HttpResponse<String> created =
        api.post(
            "/api/v1/functions",
            """
            {"name":"sleeps","runtime":"nodejs22.x","files":{"index.js":
             "exports.handler = () => new Promise(done => setTimeout(done, 50, 'rested'));"}}
            """);
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    HttpResponse<String> limited =
        api.put(
            "/api/v1/functions/sleeps/concurrency",
            "{\"maximumConcurrency\":" + PLACES + ",\"reservedConcurrency\":0}");
    assertThat(limited.statusCode()).as(limited.body()).isEqualTo(200);
  }

  @Test
  void five_times_too_many_calls_leave_the_goodput_and_the_rest_is_refused() throws Exception {
    callWithoutPause(CALM); // sandboxes are there
    double peak = callWithoutPause(CALM) / (double) CALM.toSeconds();
    long memory = memoryInUse();

    Queue<HttpResponse<String>> answers = new ConcurrentLinkedQueue<>();
    List<Thread> callers = callAtPace(5 * peak, answers);
    double goodput = count(answers, 200) / (double) OVERLOAD.toSeconds();
    long next = System.nanoTime();
    assertThat(callUntilServed()).isEqualTo("\"rested\"");
    Duration recovered = Duration.ofNanos(System.nanoTime() - next);
    for (Thread caller : callers) {
      assertThat(caller.join(GIVEN_UP)).isTrue();
    }

    System.out.printf(
        "OverloadIT: peak %.0f/s, overloaded %.0f/s, %d refused, next served after %d ms%n",
        peak, goodput, count(answers, 429), recovered.toMillis());
    assertThat(answers).hasSameSizeAs(callers).allMatch(OverloadIT::isServedOrSentAway);
    assertThat(count(answers, 429)).isGreaterThan(callers.size() / 4);
    assertThat(goodput).isGreaterThan(peak * 0.8);
    assertThat(recovered).isLessThan(RECOVERED);
    assertThat(memoryInUse()).isLessThan(memory + KEPT_BYTES);
  }

  private static boolean isServedOrSentAway(HttpResponse<String> answer) {
    return answer.statusCode() == 200
        || (answer.statusCode() == 429 && answer.headers().firstValue("Retry-After").isPresent());
  }

  private static HttpResponse<String> call() {
    return api.post("/api/v1/functions/sleeps/invocations", "{}");
  }

  private static String callUntilServed() {
    HttpResponse<String> answer = call();
    long end = System.nanoTime() + GIVEN_UP.toNanos();
    while (answer.statusCode() == 429 && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      answer = call();
    }
    return answer.body();
  }

  private static long count(Queue<HttpResponse<String>> answers, int status) {
    return answers.stream().filter(answer -> answer.statusCode() == status).count();
  }

  /** As many callers as there are places, each with one call at a time: what can be done. */
  private static int callWithoutPause(Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    AtomicInteger served = new AtomicInteger();
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < PLACES; i++) {
      callers.add(
          Thread.ofVirtual()
              .start(() -> {
                while (System.nanoTime() < end) {
                  served.addAndGet(call().statusCode() == 200 ? 1 : 0);
                }
              }));
    }
    for (Thread caller : callers) {
      assertThat(caller.join(GIVEN_UP)).isTrue();
    }
    return served.get();
  }

  private static List<Thread> callAtPace(double perSecond, Queue<HttpResponse<String>> answers) {
    List<Thread> callers = new ArrayList<>();
    long begin = System.nanoTime();
    int calls = (int) (perSecond * OVERLOAD.toSeconds());
    for (int i = 0; i < calls; i++) {
      long due = begin + (long) (i * 1e9 / perSecond);
      LockSupport.parkNanos(due - System.nanoTime());
      callers.add(Thread.ofVirtual().start(() -> answers.add(call())));
    }
    return callers;
  }

  private static long memoryInUse() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
