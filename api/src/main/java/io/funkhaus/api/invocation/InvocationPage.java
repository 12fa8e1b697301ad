package io.funkhaus.api.invocation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list, newest first.
 *
 * @param underWay those that have not ended yet, in no page but the first and with no filter of
 *     status
 * @param nextCursor where the next part begins; null when this was the last
 */
public record InvocationPage(
    List<InvocationView> underWay, List<InvocationView> items, @Nullable String nextCursor) {
  public InvocationPage {
    underWay = List.copyOf(underWay);
    items = List.copyOf(items);
  }
}
