package io.funkhaus.api.function;

import io.funkhaus.api.problem.InvalidValueException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

/** How the controllers of this package answer, where they all do it the same way. */
final class Answers {
  static final String ZIP = "application/zip";
  private static final int MAX_LIMIT = 100;

  private Answers() {}

  static ResponseEntity<FunctionView> function(HttpStatus status, FunctionView function) {
    return ResponseEntity.status(status).eTag(etag(function.revision())).body(function);
  }

  static ResponseEntity<AliasView> alias(HttpStatus status, AliasView alias) {
    return ResponseEntity.status(status).eTag(etag(alias.revision())).body(alias);
  }

  static String etag(long revision) {
    return "\"" + revision + "\"";
  }

  static int limit(int limit) {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new InvalidValueException(
          "limit", limit, "limit must be 1 to " + MAX_LIMIT + ", was " + limit);
    }
    return limit;
  }

  /** Streams an archive; nothing of it is held in memory. */
  static void zip(HttpServletResponse response, String fileName, InputStream archive)
      throws IOException {
    try (archive) {
      response.setContentType(ZIP);
      response.setHeader(
          HttpHeaders.CONTENT_DISPOSITION,
          ContentDisposition.attachment().filename(fileName).build().toString());
      archive.transferTo(response.getOutputStream());
    }
  }
}
