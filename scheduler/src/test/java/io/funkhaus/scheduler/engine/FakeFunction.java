package io.funkhaus.scheduler.engine;

import java.nio.charset.StandardCharsets;

/** What a {@link FakeRuntime} does when it is asked. */
public interface FakeFunction {

  /** Answers with the event. */
  FakeFunction ECHO = (event, log) -> new Reply.Result(event);

  /** Called on the runtime's own thread, which may be blocked; it is interrupted by a kill. */
  Reply invoke(byte[] event, Log log) throws InterruptedException;

  /** Called with the body of INIT. */
  default Reply init(String json) {
    return new Reply.Ready();
  }

  /** The function is sent SIGTERM. */
  default void warned() {}

  /** Writes to the log connection. */
  interface Log {
    void write(byte[] bytes);

    default void line(String text) {
      write((text + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  /** How it answers. */
  sealed interface Reply {
    record Ready() implements Reply {}

    record InitError(String json) implements Reply {}

    @SuppressWarnings("ArrayRecordComponent")
    record Result(byte[] json) implements Reply {
      public Result(String json) {
        this(json.getBytes(StandardCharsets.UTF_8));
      }
    }

    record Failure(String json) implements Reply {}

    /** The runtime's process ends. */
    record Exit(int status) implements Reply {}

    /** Any bytes at all on the channel. */
    @SuppressWarnings("ArrayRecordComponent")
    record Raw(byte[] bytes) implements Reply {}

    /** A well-formed frame with the right number and another type. */
    @SuppressWarnings("ArrayRecordComponent")
    record Frame(int type, byte[] body) implements Reply {}

    /** A result for the invocation before this one. */
    @SuppressWarnings("ArrayRecordComponent")
    record Replayed(byte[] json) implements Reply {}
  }
}
