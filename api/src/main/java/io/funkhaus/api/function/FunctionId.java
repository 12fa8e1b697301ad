package io.funkhaus.api.function;

/** Identifies a function inside the platform; stays when everything else about it changes. */
public record FunctionId(long value) {

  /** Refuses what the database never hands out. */
  public FunctionId {
    if (value < 1) {
      throw new IllegalArgumentException("a function id is 1 or more, was " + value);
    }
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
