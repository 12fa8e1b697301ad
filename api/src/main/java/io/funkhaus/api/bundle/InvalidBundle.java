package io.funkhaus.api.bundle;

import io.funkhaus.api.problem.ProblemException;
import org.springframework.http.HttpStatus;

/** The two ways in which code is refused. */
final class InvalidBundle {
  private InvalidBundle() {}

  static ProblemException because(String reason) {
    return new ProblemException(
        HttpStatus.BAD_REQUEST,
        "InvalidBundle",
        "Invalid code bundle",
        "The code cannot be taken: " + reason + ".");
  }

  static ProblemException tooLarge(String reason) {
    return new ProblemException(
        HttpStatus.CONTENT_TOO_LARGE,
        "BundleTooLarge",
        "Code bundle too large",
        "The code cannot be taken: " + reason + ".");
  }
}
