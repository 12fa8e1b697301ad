package io.funkhaus.api.recording;

import java.util.Locale;

/** What caused an invocation. */
public enum Trigger {
  API,
  CONSOLE;

  private final String text = name().toLowerCase(Locale.ROOT);

  /** The name in JSON and SQL. */
  public String text() {
    return text;
  }
}
