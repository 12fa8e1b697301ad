package io.funkhaus.api.function.configuration;

import io.funkhaus.api.problem.InvalidValueException;
import io.funkhaus.api.problem.Shown;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * What the runtime calls, for example {@code index.handler} or {@code src/app.handler}. Whether it
 * is there is known only when the module is loaded.
 */
public record Handler(String value) {
  private static final Pattern SHAPE = Pattern.compile("[!-~&&[^\\\\]]{1,128}");

  /** Refuses spaces, control characters, and paths that lead out of the bundle. */
  public Handler {
    if (!SHAPE.matcher(value).matches() || leavesTheBundle(value)) {
      throw new InvalidValueException(
          "handler",
          Shown.of(value),
          "handler must be 1 to 128 visible ASCII characters naming a file of the bundle and a function in it, such as"
              + " index.handler, was "
              + Shown.of(value));
    }
  }

  private static boolean leavesTheBundle(String value) {
    return value.startsWith("/") || Arrays.asList(value.split("/", -1)).contains("..");
  }

  @Override
  public String toString() {
    return value;
  }
}
