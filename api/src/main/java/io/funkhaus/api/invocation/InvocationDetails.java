package io.funkhaus.api.invocation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.funkhaus.api.recording.FunctionError;
import io.funkhaus.api.recording.InvocationRecord;
import io.funkhaus.api.recording.InvocationStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One invocation with what went in and came out.
 *
 * @param payload text, at most the first 64 KiB
 * @param result text, at most the first 64 KiB; null when there is none
 * @param log the whole log, only at the end of a watched invocation
 */
public record InvocationDetails(
    @JsonUnwrapped InvocationView invocation,
    String payload,
    boolean payloadTruncated,
    @Nullable String result,
    boolean resultTruncated,
    @Nullable ErrorView error,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String log) {

  /** What went wrong, with the stack. */
  public record ErrorView(String errorType, String errorMessage, List<String> trace) {
    static ErrorView of(FunctionError error) {
      return new ErrorView(error.type(), error.message(), error.trace());
    }
  }

  /** From the record of an invocation that just ended, with its log. */
  static InvocationDetails watched(InvocationRecord record) {
    KeptText payload = KeptText.of(record.payload().bytes(), record.payload().length());
    KeptText result = KeptText.of(record.result().bytes(), record.result().length());
    return new InvocationDetails(
        InvocationView.of(record),
        payload.text(),
        payload.truncated(),
        record.status() == InvocationStatus.SUCCEEDED ? result.text() : null,
        result.truncated(),
        record.error().map(ErrorView::of).orElse(null),
        LogText.of(record));
  }
}
