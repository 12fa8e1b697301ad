package io.funkhaus.web.startup;

/**
 * The service cannot start, for a reason that whoever starts it can do something about. The message
 * is one sentence for a terminal: what, which value, and the way out. {@link StartupReport} prints
 * it and nothing else.
 */
public class StartupFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  public StartupFailure(String message) {
    super(message);
  }

  public StartupFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
