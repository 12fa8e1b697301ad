package io.funkhaus.api.invocation;

import io.funkhaus.api.recording.FunctionError;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the error JSON of docs/sandbox-protocol.md. It comes out of a sandbox, so whatever it is,
 * an error of bounded size is made of it.
 */
final class ErrorJson {
  private static final int MAX_TYPE = 256;
  private static final int MAX_MESSAGE = 8 * 1024;
  private static final int MAX_LINE = 2 * 1024;
  private static final int MAX_LINES = 64;
  private static final JsonFactory JSON = new JsonFactory();

  private ErrorJson() {}

  static FunctionError read(byte[] json) {
    String type = "Error";
    String message = "";
    List<String> trace = List.of();
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return unreadable();
      }
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (name.equals("trace") && value == JsonToken.START_ARRAY) {
          trace = lines(parser);
        } else if (name.equals("errorType") && value == JsonToken.VALUE_STRING) {
          type = cut(parser.getString(), MAX_TYPE);
        } else if (name.equals("errorMessage") && value == JsonToken.VALUE_STRING) {
          message = cut(parser.getString(), MAX_MESSAGE);
        } else {
          parser.skipChildren();
        }
      }
    } catch (JacksonException e) {
      return unreadable();
    }
    return new FunctionError(type, message, trace);
  }

  private static List<String> lines(JsonParser parser) {
    List<String> lines = new ArrayList<>();
    JsonToken token = parser.nextToken();
    while (token != null && token != JsonToken.END_ARRAY) {
      if (token == JsonToken.VALUE_STRING && lines.size() < MAX_LINES) {
        lines.add(cut(parser.getString(), MAX_LINE));
      }
      parser.skipChildren();
      token = parser.nextToken();
    }
    return lines;
  }

  private static FunctionError unreadable() {
    return new FunctionError(
        "Runtime.InvalidError", "the function failed with an unreadable error");
  }

  private static String cut(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length) + "… (cut)";
  }
}
