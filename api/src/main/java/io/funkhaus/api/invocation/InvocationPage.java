package io.funkhaus.api.invocation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list, newest first.
 *
 * @param nextCursor where the next part begins; null when this was the last
 */
public record InvocationPage(List<InvocationView> items, @Nullable String nextCursor) {
  public InvocationPage {
    items = List.copyOf(items);
  }
}
