package io.funkhaus.api.invocation;

import io.funkhaus.scheduler.Architecture;
import io.funkhaus.scheduler.CapturedLog;
import io.funkhaus.scheduler.Forecast;
import io.funkhaus.scheduler.FunctionScaling;
import io.funkhaus.scheduler.Invocation;
import io.funkhaus.scheduler.Invoker;
import io.funkhaus.scheduler.Isolation;
import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.Report;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.Usage;
import io.funkhaus.scheduler.Waiting;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** A scheduler that ends every invocation the way a test says; at first it returns the payload. */
final class ScriptedInvoker implements Invoker, Forecast {
  private final AtomicReference<BiFunction<SandboxSpec, Invocation, Outcome>> script =
      new AtomicReference<>(ScriptedInvoker::echo);

  /** What every invocation waits for; null for none. */
  final AtomicReference<@Nullable Waiting> waiting = new AtomicReference<>();

  void answer(BiFunction<SandboxSpec, Invocation, Outcome> next) {
    script.set(next);
  }

  @Override
  public Outcome invoke(SandboxSpec spec, Invocation invocation) {
    return script.get().apply(spec, invocation);
  }

  @Override
  public void retire(SandboxSpec spec, String reason) {}

  @Override
  public Optional<Waiting> waiting(UUID requestId) {
    return Optional.ofNullable(waiting.get());
  }

  @Override
  public void arrange(String tenant, List<FunctionScaling> functions) {}

  @Override
  public void firstCalls(
      String runtime, Architecture architecture, Isolation isolation, int count) {}

  @Override
  public Usage usage(String tenant) {
    return new Usage(0, 0, 1, List.of());
  }

  static Outcome echo(SandboxSpec spec, Invocation invocation) {
    return new Outcome.Succeeded(invocation.payload(), report(""));
  }

  /** Queue 0.1 ms, no init, run 1.234567 ms, 9 MB. */
  static Report report(String log) {
    return new Report(100_000, 0, 1_234_567, false, 9 << 20, log(log, 0), "abcdef012345");
  }

  /** The same after a cold start of 45.6 ms. */
  static Report coldReport(String log) {
    return new Report(100_000, 45_600_000, 1_234_567, true, 9 << 20, log(log, 0), "abcdef012345");
  }

  static CapturedLog log(String text, long dropped) {
    return new CapturedLog(text.getBytes(StandardCharsets.UTF_8), dropped);
  }
}
