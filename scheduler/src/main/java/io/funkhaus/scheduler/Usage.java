package io.funkhaus.scheduler;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one tenant has of the scheduler at one moment.
 *
 * @param running invocations that run
 * @param waiting invocations without a sandbox
 * @param limit how many may run at the same time; the operator raises it
 * @param functions those that have a sandbox or somebody waiting, one entry per version
 */
public record Usage(int running, int waiting, int limit, List<OfFunction> functions) {
  public Usage {
    functions = List.copyOf(functions);
  }

  /**
   * One function version's share.
   *
   * @param idle sandboxes that are warm and free
   * @param busy sandboxes that run an invocation
   * @param starting sandboxes on their way in
   * @param waiting invocations without a sandbox
   * @param running invocations that run; more than {@code busy} where one sandbox runs several
   * @param provisioned sandboxes that are to be kept ready
   * @param provisionFailure why the last attempt at one of those failed; null when it did not
   * @param waitsFor what those who wait wait for; null when nobody does
   */
  public record OfFunction(
      String function,
      String version,
      int idle,
      int busy,
      int starting,
      int waiting,
      int running,
      int provisioned,
      @Nullable String provisionFailure,
      Waiting.@Nullable Reason waitsFor) {}
}
