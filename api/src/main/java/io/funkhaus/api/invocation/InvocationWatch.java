package io.funkhaus.api.invocation;

import io.funkhaus.api.connection.CallerConnection;
import io.funkhaus.api.problem.ProblemException;
import io.funkhaus.scheduler.Invoker;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs an invocation while its caller watches: server-sent events {@code waiting} and {@code
 * running} when that changes, {@code log} as it writes, then one {@code end}. The invocation has a
 * thread of its own: when the watcher goes away, the function still ends and is recorded, unless it
 * asks to be cancelled then.
 */
final class InvocationWatch {
  private static final Logger LOG = LoggerFactory.getLogger(InvocationWatch.class);

  private static final Duration LOOK = Duration.ofMillis(500);
  private static final int LOOKS_PER_KEEP_ALIVE = 20;

  private final InvocationService invocations;
  private final Invoker invoker;
  private final JsonMapper json;

  InvocationWatch(InvocationService invocations, Invoker invoker, JsonMapper json) {
    this.invocations = invocations;
    this.invoker = invoker;
    this.json = json;
  }

  void run(InvocationRequest request, HttpServletResponse response) {
    WatchedLog log = new WatchedLog();
    InvocationRequest watched = watchedBy(request, log);
    FutureTask<InvocationResult> run = new FutureTask<>(() -> invocations.invoke(watched));
    Thread.ofVirtual()
        .name("invocation-" + request.requestId())
        .start(() -> {
          run.run();
          log.end();
        });
    try {
      follow(request.requestId(), log, run, response);
    } catch (IOException e) {
      LOG.debug("event=watcher_gone request={}", request.requestId());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static InvocationRequest watchedBy(InvocationRequest request, WatchedLog log) {
    // Read now: the HTTP request may be over before the invocation's thread would ask.
    CallerConnection connection = request.connection().get();
    return new InvocationRequest(
        request.requestId(),
        request.caller(),
        request.function(),
        request.qualifier(),
        request.payload(),
        log,
        () -> connection);
  }

  private void follow(
      UUID requestId,
      WatchedLog log,
      FutureTask<InvocationResult> run,
      HttpServletResponse response)
      throws IOException, InterruptedException {
    Utf8Pieces text = new Utf8Pieces();
    WatchedLog.Piece piece = log.take(LOOK);
    if (piece.last()) {
      // What ended before it wrote anything may have been a 404: that is no stream of events.
      result(run);
    }
    response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
    response.setCharacterEncoding(StandardCharsets.UTF_8);
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    response.setHeader("X-Accel-Buffering", "no");
    String told = "";
    int quiet = 0;
    while (true) {
      String more = text.next(piece.bytes()) + (piece.last() ? text.end() : "");
      if (!more.isEmpty()) {
        send(response, "event: log\ndata: " + json.writeValueAsString(more) + "\n\n");
        quiet = 0;
      }
      if (piece.last()) {
        break;
      }
      String progress = progress(requestId);
      if (!progress.equals(told)) {
        send(response, progress);
        told = progress;
        quiet = 0;
      } else if (++quiet % LOOKS_PER_KEEP_ALIVE == 0) {
        send(response, ": still running\n\n");
      }
      piece = log.take(LOOK);
    }
    send(response, lastEvent(run));
  }

  private String progress(UUID requestId) {
    return invoker
        .waiting(requestId)
        .map(waiting ->
            "event: waiting\ndata: " + json.writeValueAsString(WaitingView.of(waiting)) + "\n\n")
        .orElse("event: running\ndata: {}\n\n");
  }

  private String lastEvent(FutureTask<InvocationResult> run) throws InterruptedException {
    try {
      InvocationDetails details = InvocationDetails.watched(result(run).record());
      return "event: end\ndata: " + json.writeValueAsString(details) + "\n\n";
    } catch (ProblemException e) {
      // Too late for a status: the log has been sent already.
      Map<String, Object> problem =
          Map.of("code", e.code(), "title", e.title(), "detail", e.detail());
      return "event: problem\ndata: " + json.writeValueAsString(problem) + "\n\n";
    }
  }

  private static InvocationResult result(FutureTask<InvocationResult> run)
      throws InterruptedException {
    try {
      return run.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private static void send(HttpServletResponse response, String event) throws IOException {
    response.getOutputStream().write(event.getBytes(StandardCharsets.UTF_8));
    response.flushBuffer();
  }
}
