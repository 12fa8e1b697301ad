package io.funkhaus.api.function.table;

import io.funkhaus.api.bundle.BundleAddress;
import io.funkhaus.api.function.configuration.FunctionConfiguration;
import io.funkhaus.api.function.configuration.Handler;
import io.funkhaus.api.function.configuration.MemorySize;
import io.funkhaus.api.function.configuration.OnDisconnect;
import io.funkhaus.api.function.configuration.RunSettings;
import io.funkhaus.api.function.configuration.RuntimeName;
import io.funkhaus.api.function.configuration.SandboxConcurrency;
import io.funkhaus.api.function.configuration.Timeout;
import io.funkhaus.scheduler.Architecture;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.util.Locale;

/** Configuration and code as columns: the same in {@code functions} and {@code versions}. */
@Embeddable
public record RunnableColumns(
    String runtime,
    String architecture,
    String handler,
    int memory,
    int timeout,
    String environment,
    String isolation,
    @Column(name = "sandbox_concurrency") int sandboxConcurrency,
    @Column(name = "on_disconnect") String onDisconnect,
    @Column(name = "code_sha256") String codeSha256,
    @Column(name = "code_size_bytes") long codeSizeBytes) {

  public static RunnableColumns of(
      FunctionConfiguration configuration, BundleAddress code, long bytes) {
    return new RunnableColumns(
        configuration.runtime().value(),
        FunctionConfiguration.word(configuration.architecture()),
        configuration.handler().value(),
        configuration.memory().megabytes(),
        configuration.timeout().seconds(),
        EnvironmentText.write(configuration.environment()),
        RunSettings.word(configuration.run().isolation()),
        configuration.run().sandboxConcurrency().invocations(),
        configuration.run().onDisconnect().word(),
        code.sha256(),
        bytes);
  }

  public FunctionConfiguration configuration() {
    return new FunctionConfiguration(
        new RuntimeName(runtime),
        Architecture.valueOf(architecture.toUpperCase(Locale.ROOT)),
        new Handler(handler),
        new MemorySize(memory),
        new Timeout(timeout),
        EnvironmentText.read(environment),
        new RunSettings(
            RunSettings.isolation(isolation),
            new SandboxConcurrency(sandboxConcurrency),
            OnDisconnect.parse(onDisconnect)));
  }

  public BundleAddress code() {
    return new BundleAddress(codeSha256);
  }
}
