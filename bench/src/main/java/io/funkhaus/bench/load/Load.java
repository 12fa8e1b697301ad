package io.funkhaus.bench.load;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Our own load, where wrk cannot do it: it waits for every answer, keeps request ids, and can send
 * at a constant rate whether or not answers come.
 */
public final class Load {
  private static final Duration ANSWER = Duration.ofMinutes(1);

  private Load() {}

  /** As many callers, each calling again as soon as it has its answer. */
  public static List<Answered> closed(Request request, int callers, Duration time)
      throws InterruptedException {
    long began = System.nanoTime();
    long end = began + time.toNanos();
    List<Future<List<Answered>>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(callers)) {
      for (int i = 0; i < callers; i++) {
        all.add(threads.submit(() -> callUntil(request, began, end)));
      }
    }
    return all.stream().flatMap(calls -> calls.resultNow().stream()).toList();
  }

  private static List<Answered> callUntil(Request request, long began, long end) {
    List<Answered> calls = new ArrayList<>();
    var connections = new Connections(request.port());
    while (System.nanoTime() - end < 0) {
      calls.add(connections.call(request, began, System.nanoTime()));
    }
    connections.close();
    return calls;
  }

  /** Calls at a constant rate; what takes long does not hold the next ones back. */
  public static List<Answered> open(Request request, double perSecond, Duration time)
      throws InterruptedException {
    ConcurrentLinkedQueue<Answered> answered = new ConcurrentLinkedQueue<>();
    var connections = new Connections(request.port());
    long began = System.nanoTime();
    long count = Math.round(perSecond * time.toNanos() / 1e9);
    try (ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor()) {
      for (long i = 0; i < count; i++) {
        long due = began + Math.round(i * 1e9 / perSecond);
        waitUntil(due);
        calls.execute(() -> answered.add(connections.call(request, began, due)));
      }
    }
    connections.close();
    return List.copyOf(answered);
  }

  private static void waitUntil(long due) throws InterruptedException {
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  /**
   * All requests at the same moment, each on a connection that is open already. They may go to
   * different functions, all of one server.
   */
  public static List<Answered> atOnce(List<Request> requests)
      throws InterruptedException, IOException {
    List<HttpConnection> connections = new ArrayList<>();
    List<Future<Answered>> all = new ArrayList<>();
    var start = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newFixedThreadPool(requests.size())) {
      for (Request request : requests) {
        HttpConnection connection = new HttpConnection(request.port(), ANSWER);
        connections.add(connection);
        all.add(
            threads.submit(() -> {
              start.await();
              return call(connection, request, System.nanoTime());
            }));
      }
      TimeUnit.MILLISECONDS.sleep(100); // so that every thread stands at the line
      start.countDown();
    } finally {
      start.countDown();
    }
    connections.forEach(HttpConnection::close);
    return all.stream().map(Future::resultNow).toList();
  }

  private static Answered call(HttpConnection connection, Request request, long began) {
    return answered(connection, request, began, began);
  }

  private static Answered answered(
      @Nullable HttpConnection connection, Request request, long began, long due) {
    int status = 0;
    @Nullable String problem = connection == null ? "no connection" : null;
    @Nullable Reply reply = null;
    try {
      if (connection != null) {
        reply = connection.send(request);
        status = reply.status();
        problem = reply.ok() ? null : reply.body();
      }
    } catch (IOException unanswered) {
      problem = unanswered.getMessage();
    }
    long now = System.nanoTime();
    return new Answered(
        now - began,
        now - due,
        status,
        reply == null ? null : reply.requestId(),
        reply == null ? null : reply.retryAfter(),
        problem);
  }

  /** Open connections to one server that nobody is using. */
  private static final class Connections {
    private final int port;
    private final ConcurrentLinkedQueue<HttpConnection> idle = new ConcurrentLinkedQueue<>();

    Connections(int port) {
      this.port = port;
    }

    Answered call(Request request, long began, long due) {
      @Nullable HttpConnection connection = take();
      Answered answered = answered(connection, request, began, due);
      if (connection != null && connection.isOpen()) {
        idle.add(connection);
      } else if (connection != null) {
        connection.close();
      }
      return answered;
    }

    private @Nullable HttpConnection take() {
      HttpConnection connection = idle.poll();
      if (connection != null) {
        return connection;
      }
      try {
        return new HttpConnection(port, ANSWER);
      } catch (IOException refused) {
        return null;
      }
    }

    void close() {
      idle.forEach(HttpConnection::close);
    }
  }
}
