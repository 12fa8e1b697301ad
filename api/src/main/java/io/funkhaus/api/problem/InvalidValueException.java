package io.funkhaus.api.problem;

import org.jspecify.annotations.Nullable;

/**
 * A value that breaks the rule of its type. Thrown by the constructors of value types, so that an
 * invalid value never lives; becomes a 400 that names the field, the value and the rule.
 */
public final class InvalidValueException extends IllegalArgumentException {
  private final transient FieldError error;

  /** See {@link FieldError} for the three. */
  public InvalidValueException(String field, @Nullable Object value, String message) {
    super(message);
    this.error = new FieldError(field, value, message);
  }

  public FieldError error() {
    return error;
  }
}
