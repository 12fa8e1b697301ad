package io.funkhaus.web.operation;

import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.catalina.Container;
import org.apache.catalina.core.StandardWrapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Stops the scheduler between the two ends of the web server: it accepts nothing any more, but its
 * connections are still open. So a call that lasts longer than the service waits is answered that
 * it was cancelled; later its caller would only see the connection break.
 */
final class LastAnswers implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(LastAnswers.class);

  /** After the web server's graceful end, before its connections close. */
  private static final int PHASE = WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE + 512;

  private static final int LOOKS = 100;
  private static final long LOOK_MILLIS = 20;

  private final SchedulerLifecycle scheduler;
  private final ApplicationContext context;
  private volatile boolean running;

  LastAnswers(SchedulerLifecycle scheduler, ApplicationContext context) {
    this.scheduler = scheduler;
    this.context = context;
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    scheduler.stop();
    try {
      LOG.info("event=last_answers_sent complete={}", awaitAnswers());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }

  /** Two looks in a row, because a request counts as ended before its last bytes are written. */
  private boolean awaitAnswers() throws InterruptedException {
    int quiet = 0;
    for (int look = 0; look < LOOKS && quiet < 2; look++) {
      quiet = isAnswering() ? 0 : quiet + 1;
      Thread.sleep(LOOK_MILLIS);
    }
    return quiet == 2;
  }

  private boolean isAnswering() {
    return context instanceof WebServerApplicationContext web
        && web.getWebServer() instanceof TomcatWebServer server
        && childrenOf(server.getTomcat().getHost()).anyMatch(LastAnswers::hasRequests);
  }

  private static boolean hasRequests(Container application) {
    return childrenOf(application)
        .anyMatch(servlet ->
            servlet instanceof StandardWrapper wrapper && wrapper.getCountAllocated() > 0);
  }

  private static Stream<Container> childrenOf(Container container) {
    return Arrays.stream(container.findChildren());
  }
}
