package io.funkhaus.api.function.configuration;

import io.funkhaus.api.problem.InvalidValueException;
import io.funkhaus.api.problem.Shown;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The environment variables of a function, in the order in which they were written. May hold
 * secrets: values never appear in messages or in {@link #toString()}.
 */
public record EnvironmentVariables(Map<String, String> values) {
  public static final int MAX_BYTES = 4096;
  public static final EnvironmentVariables NONE = new EnvironmentVariables(Map.of());

  private static final Pattern KEY = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,255}");

  /** Set by the platform or the bootstraps in each sandbox. */
  private static final Set<String> RESERVED =
      Set.of(
          "AWS_REGION",
          "AWS_DEFAULT_REGION",
          "AWS_EXECUTION_ENV",
          "AWS_ACCESS_KEY",
          "AWS_ACCESS_KEY_ID",
          "AWS_SECRET_ACCESS_KEY",
          "AWS_SESSION_TOKEN",
          "AWS_LAMBDA_FUNCTION_NAME",
          "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
          "AWS_LAMBDA_FUNCTION_VERSION",
          "AWS_LAMBDA_INITIALIZATION_TYPE",
          "AWS_LAMBDA_LOG_GROUP_NAME",
          "AWS_LAMBDA_LOG_STREAM_NAME",
          "AWS_LAMBDA_RUNTIME_API",
          "LAMBDA_TASK_ROOT",
          "LAMBDA_RUNTIME_DIR");

  /** Read when a process starts, which the runtime does before it knows its function. */
  private static final Map<String, String> TOO_LATE =
      Map.of(
          "NODE_EXTRA_CA_CERTS",
          "give the certificates to https or tls in the code, as the option ca",
          "LD_PRELOAD",
          "set it in the code, for the processes that the function starts");

  /**
   * Refuses bad, reserved and useless keys, values with NUL, and more than {@link #MAX_BYTES} in
   * all.
   */
  public EnvironmentVariables {
    Map<String, String> copy = new LinkedHashMap<>(values);
    long bytes = 0;
    for (Map.Entry<String, @Nullable String> entry : copy.entrySet()) {
      checkKey(entry.getKey());
      bytes += utf8(entry.getKey()) + utf8(checkedValue(entry.getKey(), entry.getValue()));
    }
    if (bytes > MAX_BYTES) {
      throw new InvalidValueException(
          "environment",
          null,
          "environment must be at most " + MAX_BYTES + " bytes in all, was " + bytes);
    }
    values = Collections.unmodifiableMap(copy);
  }

  private static void checkKey(String key) {
    if (!KEY.matcher(key).matches()) {
      throw new InvalidValueException(
          "environment",
          Shown.of(key),
          "the name of an environment variable must be a letter followed by letters, digits or underscores, at most 256, was "
              + Shown.of(key));
    }
    if (RESERVED.contains(key)) {
      throw new InvalidValueException(
          "environment." + key, null, key + " is set by the platform and cannot be changed");
    }
    String instead = TOO_LATE.get(key);
    if (instead != null) {
      throw new InvalidValueException(
          "environment." + key,
          null,
          key
              + " would be ignored, because the runtime has started before it gets the environment"
              + " of its function; "
              + instead);
    }
  }

  private static String checkedValue(String key, @Nullable String value) {
    if (value == null) {
      throw new InvalidValueException(
          "environment." + key,
          null,
          "environment variable " + key + " has no value; leave it out to remove it");
    }
    if (value.indexOf('\0') >= 0) {
      throw new InvalidValueException(
          "environment." + key,
          null,
          "environment variable " + key + " holds a NUL character, which no process can be given");
    }
    return value;
  }

  private static int utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  @Override
  public String toString() {
    return "EnvironmentVariables" + values.keySet();
  }
}
