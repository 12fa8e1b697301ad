package io.funkhaus.api.function;

import io.funkhaus.api.problem.InvalidValueException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

/** How the controllers around functions answer, where they all do it the same way. */
public final class Answers {
  public static final String ZIP = "application/zip";
  private static final int MAX_LIMIT = 100;

  private Answers() {}

  /** With the revision as its ETag. */
  public static <T extends Revised> ResponseEntity<T> revised(HttpStatus status, T body) {
    return ResponseEntity.status(status).eTag("\"" + body.revision() + "\"").body(body);
  }

  /** How many of a page, when it is a number that can be had. */
  public static int limit(int limit) {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new InvalidValueException(
          "limit", limit, "limit must be 1 to " + MAX_LIMIT + ", was " + limit);
    }
    return limit;
  }

  /** Streams an archive; nothing of it is held in memory. */
  public static void zip(HttpServletResponse response, String fileName, InputStream archive)
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
