package io.funkhaus.api.recording;

import java.util.List;

/**
 * What went wrong, for the owner of the function.
 *
 * @param type name of the error, for example {@code TypeError} or {@code Runtime.ExitError}
 * @param message one sentence
 * @param trace lines of the stack, innermost first; empty when there is none
 */
public record FunctionError(String type, String message, List<String> trace) {
  public FunctionError {
    trace = List.copyOf(trace);
  }

  /** Without a stack. */
  public FunctionError(String type, String message) {
    this(type, message, List.of());
  }
}
