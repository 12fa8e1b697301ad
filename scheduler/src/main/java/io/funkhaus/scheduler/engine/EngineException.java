package io.funkhaus.scheduler.engine;

import org.jspecify.annotations.Nullable;

/**
 * The engine did not do what it was asked. The message names the call, the thing and the reason.
 */
public final class EngineException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What kind of failure, as far as the caller's next step differs. */
  public enum Kind {
    /** It does not answer: nobody there, or not within the deadline. A later try may succeed. */
    UNAVAILABLE,
    /** It answered that the thing is not there. */
    NOT_FOUND,
    /** It answered with an error. */
    REFUSED,
    /** It has not got the wall that is wanted, or not as it must be; the message says why. */
    NO_SUCH_WALL
  }

  private final Kind kind;

  public EngineException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public EngineException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
