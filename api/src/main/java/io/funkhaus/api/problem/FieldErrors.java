package io.funkhaus.api.problem;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.http.HttpStatus;

/** Collects everything that is wrong with a request, so that the caller hears of it at once. */
public final class FieldErrors {
  private final List<FieldError> errors = new ArrayList<>();

  /** The value, or empty when its constructor refused it; the refusal is kept. */
  public <T> Optional<T> check(Supplier<T> value) {
    try {
      return Optional.of(value.get());
    } catch (InvalidValueException e) {
      errors.add(e.error());
      return Optional.empty();
    }
  }

  /** Keeps one finding. */
  public void add(FieldError error) {
    errors.add(error);
  }

  /** Throws a 400 that lists what was found, if anything was. */
  public void throwIfAny() {
    if (!errors.isEmpty()) {
      throw problem(errors);
    }
  }

  static ProblemException problem(List<FieldError> errors) {
    String detail =
        errors.size() == 1
            ? errors.getFirst().message()
            : errors.size() + " members of the request are not valid; see errors.";
    return new ProblemException(
            HttpStatus.BAD_REQUEST, "InvalidParameter", "Invalid request", detail)
        .with("errors", List.copyOf(errors));
  }
}
