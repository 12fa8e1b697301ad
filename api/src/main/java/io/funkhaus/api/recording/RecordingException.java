package io.funkhaus.api.recording;

/** A record could not be kept; the message is fit for callers. */
public final class RecordingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RecordingException(String message, Throwable cause) {
    super(message, cause);
  }
}
