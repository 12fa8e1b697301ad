package io.funkhaus.api.invocation;

import io.funkhaus.api.problem.JsonMistake;
import io.funkhaus.api.problem.ProblemException;
import org.springframework.http.HttpStatus;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/**
 * Whether bytes are one JSON value. Goes through them once and builds nothing; what a payload means
 * is the function's business.
 */
final class JsonText {
  /** Of payloads and of results. */
  static final int MAX_BYTES = 6_291_556;

  private static final int MAX_DEPTH = 1_000;
  private static final int MAX_NUMBER_LENGTH = 1_000;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(MAX_NUMBER_LENGTH)
                  .maxStringLength(MAX_BYTES)
                  .maxNameLength(MAX_BYTES)
                  .build())
          .build();

  private JsonText() {}

  /** Refuses with a 400 that names line and column. No bytes at all stand for {@code {}}. */
  static void requireWellFormed(byte[] bytes) {
    if (bytes.length == 0) {
      return;
    }
    if (!isUtf8(bytes)) {
      throw invalid("it is not UTF-8 without a byte order mark", TokenStreamLocation.NA);
    }
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), bytes)) {
      readOneValue(parser);
    }
  }

  /**
   * The parser would also take UTF-16 and UTF-32, which no function reads. JSON in UTF-8 begins
   * with two ASCII characters, or with one and then a string.
   */
  private static boolean isUtf8(byte[] bytes) {
    return bytes[0] > 0 && (bytes.length == 1 || bytes[1] != 0);
  }

  private static void readOneValue(JsonParser parser) {
    try {
      readTokens(parser);
    } catch (JacksonException e) {
      // A limit that is exceeded has no location of its own.
      TokenStreamLocation location = e.getLocation();
      throw invalid(JsonMistake.of(e), location == null ? parser.currentLocation() : location);
    }
  }

  private static void readTokens(JsonParser parser) {
    JsonToken token = parser.nextToken();
    if (token == null) {
      throw invalid("there is only white space", parser.currentLocation());
    }
    int depth = 0;
    while (true) {
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      if (token == JsonToken.VALUE_STRING || token == JsonToken.PROPERTY_NAME) {
        // Looks at every byte of the string, which the parser otherwise leaves for later.
        parser.finishToken();
      }
      if (depth == 0) {
        break;
      }
      token = parser.nextToken();
      if (token == null) {
        throw invalid("it ends too early", parser.currentLocation());
      }
    }
    if (parser.nextToken() != null) {
      throw invalid("there is a second value behind the first", parser.currentTokenLocation());
    }
  }

  private static ProblemException invalid(String reason, TokenStreamLocation location) {
    return new ProblemException(
            HttpStatus.BAD_REQUEST,
            "InvalidPayload",
            "Invalid payload",
            "The payload is not JSON: "
                + reason
                + " (line "
                + location.getLineNr()
                + ", column "
                + location.getColumnNr()
                + "). A function takes one JSON value, or no body at all.")
        .with("line", location.getLineNr())
        .with("column", location.getColumnNr());
  }
}
