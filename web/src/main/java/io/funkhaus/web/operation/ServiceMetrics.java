package io.funkhaus.web.operation;

import io.funkhaus.api.recording.InvocationRecorder;
import io.funkhaus.api.recording.RecorderStatus;
import io.funkhaus.scheduler.LanguageRuntime;
import io.funkhaus.scheduler.Refusal;
import io.funkhaus.scheduler.RuntimeCatalog;
import io.funkhaus.scheduler.Waiting;
import io.funkhaus.scheduler.dispatch.SandboxScheduler;
import io.funkhaus.scheduler.dispatch.SchedulerSnapshot;
import io.funkhaus.scheduler.dispatch.SchedulerSnapshot.PoolSnapshot;
import io.funkhaus.scheduler.dispatch.policy.StartKind;
import io.funkhaus.scheduler.sandbox.DestroyReason;
import io.funkhaus.scheduler.stem.StemCount;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import org.springframework.stereotype.Component;

/** What Prometheus sees of the scheduler and the recorder; {@code docs/settings.md} lists it. */
@Component
class ServiceMetrics implements MeterBinder {
  private final SandboxScheduler scheduler;
  private final RuntimeCatalog runtimes;
  private final InvocationRecorder recorder;

  ServiceMetrics(SandboxScheduler scheduler, RuntimeCatalog runtimes, InvocationRecorder recorder) {
    this.runtimes = runtimes;
    this.scheduler = scheduler;
    this.recorder = recorder;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    sandboxes(registry, "idle", PoolSnapshot::idle);
    sandboxes(registry, "busy", PoolSnapshot::busy);
    runtimes.all().forEach(runtime -> stems(registry, runtime));
    ofScheduler(registry, "funkhaus.sandboxes.frozen", SchedulerSnapshot::frozen);
    ofScheduler(registry, "funkhaus.sandboxes.starting", SchedulerSnapshot::starting);
    ofScheduler(registry, "funkhaus.sandboxes.leaving", SchedulerSnapshot::leaving);
    for (Waiting.Reason reason : Waiting.Reason.values()) {
      gauge(
          registry,
          "funkhaus.invocations.waiting",
          Tags.of("reason", word(reason)),
          snapshot -> snapshot.waitingFor().getOrDefault(reason, 0));
    }
    for (Refusal.Limit limit : Refusal.Limit.values()) {
      counter(
          registry,
          "funkhaus.invocations.refused",
          Tags.of("reason", word(limit)),
          snapshot -> snapshot.refusals().getOrDefault(limit, 0L));
    }
    ofScheduler(
        registry, "funkhaus.engine.available", snapshot -> snapshot.engineAvailable() ? 1 : 0);
    bytes(registry, "funkhaus.memory.reserved", SchedulerSnapshot::memoryReservedBytes);
    bytes(registry, "funkhaus.memory.budget", SchedulerSnapshot::memoryBudgetBytes);
    starts(registry, "stem", StartKind.STEM);
    starts(registry, "container", StartKind.NOTHING);
    for (DestroyReason reason : DestroyReason.values()) {
      counter(
          registry,
          "funkhaus.sandbox.destroys",
          Tags.of("reason", word(reason)),
          snapshot -> snapshot.destroys().getOrDefault(reason, 0L));
    }
    ofRecorder(registry, "funkhaus.journal.waiting.records", RecorderStatus::waitingRecords);
    ofRecorder(registry, "funkhaus.journal.size.bytes", RecorderStatus::journalBytes);
    ofRecorder(registry, "funkhaus.journal.limit.bytes", RecorderStatus::journalLimitBytes);
    count(registry, "funkhaus.journal.written.records", RecorderStatus::writtenRecords);
    count(registry, "funkhaus.journal.rejected.records", RecorderStatus::rejectedRecords);
    count(registry, "funkhaus.invocations.interrupted", RecorderStatus::interrupted);
    count(registry, "funkhaus.invocations.unmarked", RecorderStatus::unmarked);
  }

  private void sandboxes(MeterRegistry registry, String state, ToIntFunction<PoolSnapshot> count) {
    Gauge.builder(
            "funkhaus.sandboxes",
            scheduler,
            source -> source.snapshot().pools().stream().mapToInt(count).sum())
        .tag("state", state)
        .register(registry);
  }

  private void starts(MeterRegistry registry, String kind, StartKind from) {
    counter(
        registry,
        "funkhaus.sandbox.starts",
        Tags.of("kind", kind),
        snapshot -> snapshot.starts().getOrDefault(from, 0L));
  }

  /** Of each runtime that has an image here; its tiers of isolation together. */
  private void stems(MeterRegistry registry, LanguageRuntime runtime) {
    Tags tags = Tags.of("runtime", runtime.name(), "architecture", word(runtime.architecture()));
    stems(registry, tags.and("state", "ready"), runtime, StemCount::ready);
    stems(registry, tags.and("state", "launching"), runtime, StemCount::launching);
  }

  private void stems(
      MeterRegistry registry, Tags tags, LanguageRuntime runtime, ToIntFunction<StemCount> count) {
    gauge(
        registry,
        "funkhaus.stems",
        tags,
        snapshot ->
            snapshot.stems().stream()
                .filter(stems -> stems.kind().runtime().equals(runtime))
                .mapToInt(count)
                .sum());
  }

  private void ofScheduler(
      MeterRegistry registry, String name, ToDoubleFunction<SchedulerSnapshot> value) {
    gauge(registry, name, Tags.empty(), value);
  }

  private void gauge(
      MeterRegistry registry, String name, Tags tags, ToDoubleFunction<SchedulerSnapshot> value) {
    Gauge.builder(name, scheduler, source -> value.applyAsDouble(source.snapshot()))
        .tags(tags)
        .register(registry);
  }

  private void counter(
      MeterRegistry registry, String name, Tags tags, ToDoubleFunction<SchedulerSnapshot> value) {
    FunctionCounter.builder(name, scheduler, source -> value.applyAsDouble(source.snapshot()))
        .tags(tags)
        .register(registry);
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private void bytes(
      MeterRegistry registry, String name, ToDoubleFunction<SchedulerSnapshot> value) {
    Gauge.builder(name, scheduler, source -> value.applyAsDouble(source.snapshot()))
        .baseUnit(BaseUnits.BYTES)
        .register(registry);
  }

  private void ofRecorder(
      MeterRegistry registry, String name, ToDoubleFunction<RecorderStatus> value) {
    Gauge.builder(name, recorder, source -> value.applyAsDouble(source.status()))
        .register(registry);
  }

  private void count(MeterRegistry registry, String name, ToDoubleFunction<RecorderStatus> value) {
    FunctionCounter.builder(name, recorder, source -> value.applyAsDouble(source.status()))
        .register(registry);
  }
}
