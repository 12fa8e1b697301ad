package io.funkhaus.bench.measure;

import io.funkhaus.bench.host.Children;
import io.funkhaus.bench.host.Containers;
import io.funkhaus.bench.host.Funkhaus;
import io.funkhaus.bench.host.Peer;
import io.funkhaus.bench.host.Workspace;
import io.funkhaus.bench.load.HttpConnection;
import io.funkhaus.bench.load.Reply;
import io.funkhaus.bench.load.Request;
import io.funkhaus.bench.load.Wrk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What all measurements of a run share: the running service with two tenants, the peers, and the
 * way to tell the person in front of the terminal what happens.
 */
public final class Lab {
  static final String HELLO = "hello";
  static final String HELLO_SOURCE =
      "exports.handler = async (event) => `Hello, ${event.name}!`;\n";
  static final String SLEEP_SOURCE =
      "exports.handler = () => new Promise((done) => setTimeout(() => done('slept'), 200));\n";

  /** In stock where nobody has set another number. */
  private static final int STEMS = 2;

  private static final Duration ANSWER = Duration.ofMinutes(1);
  private static final Duration TO_END = Duration.ofMinutes(3);
  private static final Duration TO_LAUNCH = Duration.ofMinutes(1);

  /** The stock is made one after another, when there is time: a pause is not its end. */
  private static final Duration STOCKED = Duration.ofSeconds(5);

  private final Scale scale;
  private final Children children;
  private final Funkhaus funkhaus;
  private final Places places;
  private final Containers containers;
  private @Nullable Workspace workspace;
  private @Nullable Workspace neighbour;
  private @Nullable List<Peer> peers;

  /**
   * Directories.
   *
   * @param root of the sources
   * @param peers where the launcher installed them
   * @param log for what processes print
   * @param raw for raw results
   */
  public record Places(Path root, Path peers, Path log, Path raw) {}

  public Lab(Scale scale, Children children, Funkhaus funkhaus, Places places) {
    this.scale = scale;
    this.children = children;
    this.funkhaus = funkhaus;
    this.places = places;
    this.containers = new Containers(children);
  }

  Scale scale() {
    return scale;
  }

  Children children() {
    return children;
  }

  Funkhaus funkhaus() {
    return funkhaus;
  }

  Places places() {
    return places;
  }

  Containers containers() {
    return containers;
  }

  void say(String what) {
    System.out.println("  · " + what);
  }

  /** The tenant that most measurements use. It has the greeting as a function. */
  Workspace workspace() throws IOException, InterruptedException {
    Workspace known = workspace;
    if (known == null) {
      known = signUp("bench");
      workspace = known;
    }
    return known;
  }

  /** A second tenant with the same function. */
  Workspace neighbour() throws IOException, InterruptedException {
    Workspace known = neighbour;
    if (known == null) {
      known = signUp("neighbour");
      neighbour = known;
    }
    return known;
  }

  private Workspace signUp(String name) throws IOException, InterruptedException {
    Workspace made = Workspace.signUp(funkhaus.port(), name);
    made.delete(HELLO); // the sample of every new workspace
    made.create(HELLO, HELLO_SOURCE);
    Peer.requireGreeting("Funkhaus", call(made.invocation(HELLO, "")));
    return made;
  }

  List<Peer> peers() throws IOException, InterruptedException {
    List<Peer> known = peers;
    if (known == null) {
      known = Peer.startAll(children, places.peers(), places.log());
      peers = known;
    }
    return known;
  }

  Wrk wrk() throws IOException, InterruptedException {
    return new Wrk(children, places.root().resolve("bench/post.lua"), workspace().key());
  }

  Reply call(Request request) throws IOException {
    return HttpConnection.once(request, ANSWER);
  }

  void requireOk(Request request) throws IOException {
    Reply reply = call(request);
    if (!reply.ok()) {
      throw new IOException("a call was answered with " + reply.status() + " " + reply.body());
    }
  }

  /** Waits until no record is on its way to PostgreSQL any more. */
  void awaitRecorded() throws IOException, InterruptedException {
    Funkhaus.await(
        "all records are in PostgreSQL",
        () -> funkhaus.metric("funkhaus_journal_waiting_records") == 0,
        Duration.ofMinutes(2));
  }

  /** Waits until the platform has nothing to do but what is asked of it. */
  void settle() throws IOException, InterruptedException {
    Funkhaus.await(
        "no sandbox is starting or leaving",
        () ->
            funkhaus.metric("funkhaus_sandboxes_leaving") == 0
                && funkhaus.metric("funkhaus_sandboxes_starting") == 0,
        TO_END);
    awaitStems(STOCKED);
    awaitRecorded();
    TimeUnit.SECONDS.sleep(1);
  }

  /** Waits until stems are in stock and no container has been on its way in for so long. */
  void awaitStems(Duration quiet) throws IOException, InterruptedException {
    String ready = "state=\"ready\"";
    String runtime = "runtime=\"" + Workspace.RUNTIME + "\"";
    AtomicLong launching = new AtomicLong(System.nanoTime());
    Funkhaus.await(
        "stems are in stock",
        () -> {
          if (funkhaus.metric("funkhaus_stems", runtime, ready) < STEMS
              || funkhaus.metric("funkhaus_stems", "state=\"launching\"") > 0) {
            launching.set(System.nanoTime());
          }
          return System.nanoTime() - launching.get() >= quiet.toNanos();
        },
        TO_LAUNCH);
  }

  /** The image that sandboxes of the measured functions are made of. */
  static String sandboxImage() {
    String tag = System.getenv("FUNKHAUS_IMAGE_TAG");
    return "funkhaus/sandbox-" + Workspace.RUNTIME + ":" + (tag == null ? "dev" : tag);
  }
}
