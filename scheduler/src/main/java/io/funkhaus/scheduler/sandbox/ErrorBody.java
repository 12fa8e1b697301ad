package io.funkhaus.scheduler.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the few members of an error's JSON that the scheduler acts on, without a JSON parser: a
 * quote inside a JSON string is always escaped, so a member's name with its quotes can only match
 * where a member is. Off the warm path.
 *
 * <p>The JSON comes from function code and can be anything of up to a frame's size: the patterns
 * are possessive, because the others need stack for each character.
 */
public final class ErrorBody {
  private static final Pattern FATAL = Pattern.compile("\"fatal\"\\s*:\\s*true\\b");
  private static final Pattern TYPE =
      Pattern.compile("\"errorType\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*+)\"");
  private static final Pattern MESSAGE =
      Pattern.compile("\"errorMessage\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*+)\"");
  private static final Pattern COUNTED = Pattern.compile("(\\d{1,18}) bytes");
  private static final int LARGEST_BYTES = 256 * 1024;
  private static final int LONGEST_SUMMARY = 300;

  private final String json;

  public ErrorBody(byte[] json) {
    this.json = new String(json, StandardCharsets.UTF_8);
  }

  static void checkSize(byte[] json) throws ProtocolViolation {
    if (json.length > LARGEST_BYTES) {
      throw new ProtocolViolation(
          "an error of %d bytes, the limit is %d".formatted(json.length, LARGEST_BYTES));
    }
  }

  /** Whether the runtime is about to end. */
  boolean fatal() {
    return FATAL.matcher(json).find();
  }

  boolean tooLarge() {
    return first(TYPE).equals("Function.ResponseSizeTooLarge");
  }

  /** The first count of bytes in the message, 0 when it has none. */
  long bytes() {
    Matcher counted = COUNTED.matcher(first(MESSAGE));
    return counted.find() ? Long.parseLong(counted.group(1)) : 0;
  }

  /** Type and message in one line, cut. */
  public String summary() {
    String message = first(MESSAGE).replace("\\n", " ").replace("\\\"", "\"");
    String text = first(TYPE) + ": " + message;
    return text.length() <= LONGEST_SUMMARY ? text : text.substring(0, LONGEST_SUMMARY) + "…";
  }

  private String first(Pattern member) {
    Matcher found = member.matcher(json);
    return found.find() ? found.group(1) : "";
  }
}
