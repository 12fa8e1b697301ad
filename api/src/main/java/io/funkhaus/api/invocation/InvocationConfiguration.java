package io.funkhaus.api.invocation;

import io.funkhaus.api.connection.CallerWatch;
import io.funkhaus.api.function.resolution.FunctionTargets;
import io.funkhaus.api.recording.InvocationRecorder;
import io.funkhaus.scheduler.Invoker;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** Puts the parts of this package together. */
@Configuration(proxyBeanMethods = false)
class InvocationConfiguration {

  @Bean
  InvocationService invocationService(
      FunctionTargets targets,
      Invoker invoker,
      InvocationRecorder recorder,
      InstantSource clock,
      CallerWatch callers,
      RunningInvocations running) {
    return new InvocationService(
        (caller, function, qualifier) ->
            targets.resolve(caller.tenant(), caller.account(), function, qualifier),
        invoker,
        recorder,
        clock,
        callers,
        running);
  }

  @Bean
  RunningInvocations runningInvocations() {
    return new RunningInvocations();
  }

  @Bean
  CallerWatch callerWatch() {
    return new CallerWatch();
  }

  @Bean
  InvocationWatch invocationWatch(InvocationService invocations, Invoker invoker, JsonMapper json) {
    return new InvocationWatch(invocations, invoker, json);
  }

  @Bean
  Invocations invocations(
      DataSource database,
      InvocationRecorder recorder,
      RunningInvocations running,
      Invoker invoker) {
    return new Invocations(database, recorder, new UnderWay(running, invoker));
  }
}
