package io.funkhaus.api.function;

import io.funkhaus.api.problem.InvalidValueException;
import io.funkhaus.api.problem.Shown;
import org.jspecify.annotations.Nullable;

/** Which state of a function is meant: the draft, a version, or whatever an alias points to. */
public sealed interface Qualifier {
  /** How the draft is written. */
  String LATEST = "$LATEST";

  /** The editable draft. */
  record Draft() implements Qualifier {
    @Override
    public String toString() {
      return LATEST;
    }
  }

  /** A published version. */
  record Numbered(VersionNumber number) implements Qualifier {
    @Override
    public String toString() {
      return number.toString();
    }
  }

  /** An alias. */
  record Named(AliasName alias) implements Qualifier {
    @Override
    public String toString() {
      return alias.toString();
    }
  }

  Draft DRAFT = new Draft();

  /** From a query parameter: nothing and {@code $LATEST} are the draft, digits a version. */
  static Qualifier parse(@Nullable String text) {
    if (text == null || text.isEmpty() || text.equals(LATEST)) {
      return DRAFT;
    }
    if (text.length() <= 10 && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      long number = Long.parseLong(text);
      if (number >= 1 && number <= Integer.MAX_VALUE) {
        return new Numbered(new VersionNumber((int) number));
      }
    }
    try {
      return new Named(new AliasName(text));
    } catch (InvalidValueException e) {
      throw new InvalidValueException(
          "qualifier",
          Shown.of(text),
          "qualifier must be a version number, the name of an alias, or $LATEST, was "
              + Shown.of(text));
    }
  }
}
