package io.funkhaus.web.settings;

/** How the service writes its own log. */
public enum LogFormat {
  /** One line of {@code key=value} per event, for people and for grep. */
  TEXT,
  /** One JSON object per event, for collectors. */
  JSON
}
