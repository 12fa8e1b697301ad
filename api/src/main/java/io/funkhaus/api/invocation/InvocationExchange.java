package io.funkhaus.api.invocation;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.connection.CallerConnection;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.function.Qualifier;
import io.funkhaus.api.problem.InvalidValueException;
import io.funkhaus.api.problem.ProblemException;
import io.funkhaus.api.problem.RequestId;
import io.funkhaus.api.recording.InvocationRecord;
import io.funkhaus.scheduler.LogListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/**
 * A call of a function as it travels over HTTP: bytes in, bytes out. Nothing here may ask the
 * servlet request for its parameters: a body sent by curl says it is a form, and asking would
 * consume it.
 */
final class InvocationExchange {
  private static final Logger LOG = LoggerFactory.getLogger(InvocationExchange.class);

  /** Of a body that is read into the array it ends in: less than an idle connection takes. */
  private static final int SMALL_BODY_BYTES = 8192;

  private InvocationExchange() {}

  /** Whether the caller wants to see the run while it goes on. */
  static boolean isWatched(HttpServletRequest request) {
    String accept = request.getHeader(HttpHeaders.ACCEPT);
    return accept != null && accept.contains(MediaType.TEXT_EVENT_STREAM_VALUE);
  }

  /**
   * The call that a request is.
   *
   * @throws ProblemException when it is none
   */
  static InvocationRequest read(HttpServletRequest request, Caller caller, String name)
      throws IOException {
    return new InvocationRequest(
        RequestId.of(request),
        caller,
        new FunctionName(name),
        Qualifier.parse(queryParameter(request, "qualifier")),
        body(request),
        LogListener.NONE,
        () -> CallerConnection.of(request));
  }

  /**
   * Sends what came of it.
   *
   * @throws ProblemException for every ending but a result
   */
  static void answer(InvocationResult result, Caller caller, HttpServletResponse response) {
    describe(result.record(), response);
    send(Answers.resultOf(result, caller), response);
  }

  private static @Nullable String queryParameter(HttpServletRequest request, String name) {
    String query = request.getQueryString();
    if (query == null) {
      return null;
    }
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals == name.length() && pair.startsWith(name)) {
        return decoded(name, pair.substring(equals + 1));
      }
    }
    return null;
  }

  private static String decoded(String name, String value) {
    try {
      return URLDecoder.decode(value, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new InvalidValueException(
          name, value, name + " is not percent-encoded correctly: " + value);
    }
  }

  private static byte[] body(HttpServletRequest request) throws IOException {
    long announced = request.getContentLengthLong();
    if (announced > JsonText.MAX_BYTES) {
      throw tooLarge("has " + announced);
    }
    try (InputStream in = new PayloadStream(request.getInputStream(), announced)) {
      boolean small = announced >= 0 && announced <= SMALL_BODY_BYTES;
      return small ? exactly((int) announced, in) : grown(in);
    }
  }

  private static byte[] exactly(int bytes, InputStream in) throws IOException {
    byte[] body = new byte[bytes];
    in.readNBytes(body, 0, bytes);
    return body;
  }

  /** Takes memory for what has come only, not for what was announced. */
  private static byte[] grown(InputStream in) throws IOException {
    byte[] body = in.readNBytes(JsonText.MAX_BYTES + 1);
    if (body.length > JsonText.MAX_BYTES) {
      throw tooLarge("has more than " + JsonText.MAX_BYTES);
    }
    return body;
  }

  private static ProblemException tooLarge(String size) {
    return new ProblemException(
        HttpStatus.CONTENT_TOO_LARGE,
        "PayloadTooLarge",
        "Payload too large",
        "The payload "
            + size
            + " bytes and may have "
            + JsonText.MAX_BYTES
            + "; pass large data by reference.");
  }

  private static void describe(InvocationRecord record, HttpServletResponse response) {
    InvocationRecord.Measures measures = record.measures();
    response.setHeader("X-Funkhaus-Version", record.target().version());
    response.setHeader("X-Funkhaus-Duration-Millis", millis(measures.runMicros()));
    response.setHeader("X-Funkhaus-Cold-Start", Boolean.toString(measures.coldStart()));
    response.setHeader(
        "Server-Timing",
        "queue;dur="
            + millis(measures.queueMicros())
            + ", init;dur="
            + millis(measures.initMicros())
            + ", run;dur="
            + millis(measures.runMicros()));
  }

  private static String millis(long micros) {
    return Double.toString(InvocationView.millis(micros));
  }

  private static void send(byte[] result, HttpServletResponse response) {
    response.setStatus(HttpStatus.OK.value());
    response.setContentType(MediaType.APPLICATION_JSON_VALUE);
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    response.setContentLength(result.length);
    try {
      response.getOutputStream().write(result);
    } catch (IOException e) {
      // The caller went away. The function has ended and is on the list: nothing is left to do.
      LOG.debug("event=caller_gone reason={}", e.getMessage());
    }
  }
}
