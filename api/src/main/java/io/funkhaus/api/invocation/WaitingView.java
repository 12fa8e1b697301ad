package io.funkhaus.api.invocation;

import io.funkhaus.scheduler.Waiting;
import java.util.Locale;

/**
 * Why an invocation has no sandbox yet, as those hear it who watch or ask.
 *
 * @param reason a word for programs
 * @param message one sentence for people
 * @param position in the line of those who wait for the same, 1 for the next
 */
public record WaitingView(String reason, String message, int position) {
  static WaitingView of(Waiting waiting) {
    return new WaitingView(
        waiting.reason().name().toLowerCase(Locale.ROOT), waiting.message(), waiting.position());
  }
}
