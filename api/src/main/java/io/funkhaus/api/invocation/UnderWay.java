package io.funkhaus.api.invocation;

import io.funkhaus.api.caller.Actor;
import io.funkhaus.api.caller.TenantId;
import io.funkhaus.api.function.AliasName;
import io.funkhaus.api.invocation.RunningInvocations.Running;
import io.funkhaus.scheduler.Invoker;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.Waiting;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Invocations of this service that have not ended, as the API shows them: from memory, because they
 * are in the database only when they have.
 */
final class UnderWay {
  private static final String WAITING = "waiting";
  private static final String RUNNING = "running";
  private static final double NANOS_PER_MILLI = 1e6;

  private final RunningInvocations running;
  private final Invoker invoker;

  UnderWay(RunningInvocations running, Invoker invoker) {
    this.running = running;
    this.invoker = invoker;
  }

  /** The tenant's invocation with this id; empty when it has ended or is not the tenant's. */
  Optional<InvocationDetails> find(TenantId tenant, UUID requestId) {
    return Optional.ofNullable(running.find(tenant, requestId)).map(this::details);
  }

  /** The newest of a tenant's that pass the filter. */
  List<InvocationView> list(TenantId tenant, InvocationFilter filter, int limit) {
    if (filter.status().isPresent()) {
      return List.of();
    }
    return running.of(tenant).stream()
        .filter(one -> passes(one, filter))
        .sorted(Comparator.comparing(Running::startedAt).reversed())
        .limit(limit)
        .map(this::view)
        .toList();
  }

  private static boolean passes(Running one, InvocationFilter filter) {
    InvocationRequest request = one.request();
    return filter.function().filter(name -> !name.equals(request.function())).isEmpty()
        && filter.version().filter(version -> !version.equals(one.target().version())).isEmpty()
        && filter.from().filter(one.startedAt()::isBefore).isEmpty()
        && filter.to().filter(to -> !one.startedAt().isBefore(to)).isEmpty()
        && filter
            .key()
            .filter(
                id -> !(request.caller().actor() instanceof Actor.Key key && key.id().equals(id)))
            .isEmpty()
        && filter
            .text()
            .filter(text -> !request.requestId().toString().contains(text.toLowerCase(Locale.ROOT)))
            .isEmpty();
  }

  private InvocationDetails details(Running one) {
    byte[] payload = one.request().payload();
    KeptText text = KeptText.of(payload, payload.length);
    return new InvocationDetails(view(one), text.text(), text.truncated(), null, false, null, null);
  }

  private InvocationView view(Running one) {
    InvocationRequest request = one.request();
    Waiting waiting = invoker.waiting(request.requestId()).orElse(null);
    SandboxSpec spec = one.target().spec();
    AliasName alias = one.target().alias();
    return new InvocationView(
        request.requestId(),
        spec.function(),
        spec.version(),
        alias == null ? null : alias.value(),
        InvocationService.trigger(request).text(),
        key(request),
        waiting == null ? RUNNING : WAITING,
        null,
        null,
        one.startedAt().truncatedTo(ChronoUnit.MICROS),
        waiting == null ? 0 : waiting.since().toNanos() / NANOS_PER_MILLI,
        0,
        0,
        0,
        false,
        spec.memoryMegabytes(),
        0,
        request.payload().length,
        0,
        0,
        false,
        waiting == null ? null : WaitingView.of(waiting));
  }

  private static InvocationView.@Nullable KeyView key(InvocationRequest request) {
    return request.caller().actor() instanceof Actor.Key key
        ? InvocationView.KeyView.of(key)
        : null;
  }
}
