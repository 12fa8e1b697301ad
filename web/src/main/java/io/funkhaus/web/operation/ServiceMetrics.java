package io.funkhaus.web.operation;

import io.funkhaus.api.recording.InvocationRecorder;
import io.funkhaus.api.recording.RecorderStatus;
import io.funkhaus.scheduler.dispatch.SandboxScheduler;
import io.funkhaus.scheduler.dispatch.SchedulerSnapshot;
import io.funkhaus.scheduler.dispatch.SchedulerSnapshot.PoolSnapshot;
import io.funkhaus.scheduler.sandbox.DestroyReason;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
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
  private final InvocationRecorder recorder;

  ServiceMetrics(SandboxScheduler scheduler, InvocationRecorder recorder) {
    this.scheduler = scheduler;
    this.recorder = recorder;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    sandboxes(registry, "idle", PoolSnapshot::idle);
    sandboxes(registry, "busy", PoolSnapshot::busy);
    ofScheduler(registry, "funkhaus.sandboxes.starting", SchedulerSnapshot::starting);
    ofScheduler(registry, "funkhaus.sandboxes.leaving", SchedulerSnapshot::leaving);
    ofScheduler(registry, "funkhaus.invocations.waiting", SchedulerSnapshot::waiting);
    ofScheduler(
        registry, "funkhaus.engine.available", snapshot -> snapshot.engineAvailable() ? 1 : 0);
    bytes(registry, "funkhaus.memory.reserved", SchedulerSnapshot::memoryReservedBytes);
    bytes(registry, "funkhaus.memory.budget", SchedulerSnapshot::memoryBudgetBytes);
    FunctionCounter.builder(
            "funkhaus.sandbox.starts", scheduler, source -> source.snapshot().starts())
        .register(registry);
    for (DestroyReason reason : DestroyReason.values()) {
      FunctionCounter.builder(
              "funkhaus.sandbox.destroys",
              scheduler,
              source -> source.snapshot().destroys().getOrDefault(reason, 0L))
          .tag("reason", reason.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
    ofRecorder(registry, "funkhaus.journal.waiting.records", RecorderStatus::waitingRecords);
    ofRecorder(registry, "funkhaus.journal.size.bytes", RecorderStatus::journalBytes);
    ofRecorder(registry, "funkhaus.journal.limit.bytes", RecorderStatus::journalLimitBytes);
    count(registry, "funkhaus.journal.written.records", RecorderStatus::writtenRecords);
    count(registry, "funkhaus.journal.rejected.records", RecorderStatus::rejectedRecords);
  }

  private void sandboxes(MeterRegistry registry, String state, ToIntFunction<PoolSnapshot> count) {
    Gauge.builder(
            "funkhaus.sandboxes",
            scheduler,
            source -> source.snapshot().pools().stream().mapToInt(count).sum())
        .tag("state", state)
        .register(registry);
  }

  private void ofScheduler(
      MeterRegistry registry, String name, ToDoubleFunction<SchedulerSnapshot> value) {
    Gauge.builder(name, scheduler, source -> value.applyAsDouble(source.snapshot()))
        .register(registry);
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
