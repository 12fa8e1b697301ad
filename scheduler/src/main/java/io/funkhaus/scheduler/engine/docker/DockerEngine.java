package io.funkhaus.scheduler.engine.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Info;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.RestartPolicy;
import com.github.dockerjava.api.model.Ulimit;
import com.github.dockerjava.api.model.Volume;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.funkhaus.scheduler.engine.ContainerEngine;
import io.funkhaus.scheduler.engine.ContainerLimits;
import io.funkhaus.scheduler.engine.ContainerListing;
import io.funkhaus.scheduler.engine.ContainerSpec;
import io.funkhaus.scheduler.engine.ContainerState;
import io.funkhaus.scheduler.engine.EngineException;
import io.funkhaus.scheduler.engine.EngineException.Kind;
import io.funkhaus.scheduler.engine.EngineInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A Docker engine behind its API socket. Used by the launcher of sandboxes, the remover and the
 * reconciler; the only class that knows the client library.
 *
 * <p>What must not be broken: no call waits longer than its deadline. The client's own timeout does
 * not cover an engine that accepts a connection and then hangs, so every call runs on a thread of
 * its own pool, is waited for, and abandoned when its time is over. The pool is bounded: when all
 * its threads hang, further calls fail at once.
 */
public final class DockerEngine implements ContainerEngine {
  private static final int PARALLEL_CALLS = 16;
  private static final long LOOK_EVERY_MILLIS = 50;

  /** A container that is paused has not ended. */
  private static final Set<String> RUNNING = Set.of("running", "paused");

  private final DockerClient client;
  private final Duration deadline;
  private final ThreadPoolExecutor callers;

  private DockerEngine(DockerClient client, Duration deadline) {
    this.client = client;
    this.deadline = deadline;
    this.callers =
        new ThreadPoolExecutor(
            0,
            PARALLEL_CALLS,
            30,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().name("engine-", 0).factory());
  }

  /**
   * Connects lazily: an engine that is not there shows at the first call.
   *
   * @param host for example {@code unix:///var/run/docker.sock}
   * @param deadline of each call
   */
  public static DockerEngine at(URI host, Duration deadline) {
    DefaultDockerClientConfig config =
        DefaultDockerClientConfig.createDefaultConfigBuilder()
            .withDockerHost(host.toString())
            .build();
    ZerodepDockerHttpClient http =
        new ZerodepDockerHttpClient.Builder()
            .dockerHost(host)
            .sslConfig(config.getSSLConfig())
            .maxConnections(PARALLEL_CALLS)
            .connectionTimeout(deadline)
            .responseTimeout(deadline)
            .build();
    return new DockerEngine(DockerClientImpl.getInstance(config, http), deadline);
  }

  @Override
  public String create(ContainerSpec spec) throws EngineException {
    return call("create a container of image " + spec.image(), () -> creation(spec).exec().getId());
  }

  /**
   * What the engine is asked to create: the whole specification, in the client's words. Without a
   * network the engine is told to leave it alone altogether: the kernel's empty network namespace
   * comes with its loopback device, while the engine would start a second copy of itself to move
   * nothing into it, which costs half of a start.
   */
  CreateContainerCmd creation(ContainerSpec spec) {
    return client
        .createContainerCmd(spec.image())
        .withUser(spec.user())
        .withHostName(spec.hostname())
        .withWorkingDir(spec.workingDirectory())
        .withLabels(spec.labels())
        .withEnv(spec.environment())
        .withNetworkDisabled(spec.networkMode().equals("none"))
        .withHostConfig(hostConfig(spec));
  }

  private static HostConfig hostConfig(ContainerSpec spec) {
    return HostConfig.newHostConfig()
        .withRuntime(spec.runtime())
        .withCapDrop(Capability.ALL)
        .withSecurityOpts(List.of("no-new-privileges", "seccomp=" + spec.seccompProfile()))
        .withPrivileged(false)
        .withReadonlyRootfs(true)
        .withTmpFs(spec.tmpfs())
        .withBinds(spec.binds().stream().map(DockerEngine::readOnly).toList())
        .withNetworkMode(spec.networkMode())
        .withMemory(spec.limits().memoryBytes())
        .withMemorySwap(spec.limits().memoryBytes())
        .withNanoCPUs(spec.limits().nanoCpus())
        .withCpuShares(spec.cpuShares())
        .withPidsLimit(spec.pidsLimit())
        .withUlimits(
            List.of(
                new Ulimit("nofile", spec.noFile(), spec.noFile()),
                new Ulimit("core", 0L, 0L),
                new Ulimit("msgqueue", 0L, 0L)))
        .withIpcMode(spec.ipcMode())
        .withOomScoreAdj(spec.oomScoreAdjustment())
        .withLogConfig(new LogConfig(LogConfig.LoggingType.NONE))
        .withRestartPolicy(RestartPolicy.noRestart())
        .withAutoRemove(false)
        .withInit(false);
  }

  private static Bind readOnly(ContainerSpec.ReadOnlyBind bind) {
    return new Bind(bind.host().toString(), new Volume(bind.container()), AccessMode.ro);
  }

  @Override
  public void start(String container) throws EngineException {
    call("start container " + container, () -> client.startContainerCmd(container).exec());
  }

  @Override
  public void remove(String container) throws EngineException {
    call(
        "remove container " + container,
        () -> {
          try {
            client.removeContainerCmd(container).withForce(true).withRemoveVolumes(true).exec();
          } catch (NotFoundException gone) {
            return null;
          } catch (ConflictException beingRemoved) {
            awaitGone(container, beingRemoved);
          }
          return null;
        });
  }

  /** Somebody else removes it already: waits until it is really gone. */
  private void awaitGone(String container, ConflictException beingRemoved)
      throws InterruptedException {
    long looks = Math.max(1, deadline.toMillis() / LOOK_EVERY_MILLIS);
    for (long i = 0; i < looks; i++) {
      try {
        client.inspectContainerCmd(container).exec();
      } catch (NotFoundException gone) {
        return;
      }
      Thread.sleep(LOOK_EVERY_MILLIS);
    }
    throw beingRemoved;
  }

  @Override
  public ContainerState inspect(String container) throws EngineException {
    return call(
        "inspect container " + container,
        () -> {
          var state = client.inspectContainerCmd(container).exec().getState();
          Long exitStatus = state.getExitCodeLong();
          return new ContainerState(
              Boolean.TRUE.equals(state.getRunning()),
              exitStatus == null ? 0 : exitStatus.intValue(),
              Boolean.TRUE.equals(state.getOOMKilled()));
        });
  }

  @Override
  public List<ContainerListing> list(Map<String, String> labels) throws EngineException {
    return call(
        "list containers labelled " + labels,
        () ->
            client.listContainersCmd().withShowAll(true).withLabelFilter(labels).exec().stream()
                .map(DockerEngine::listing)
                .toList());
  }

  private static ContainerListing listing(Container container) {
    return new ContainerListing(
        container.getId(), container.getLabels(), RUNNING.contains(container.getState()));
  }

  @Override
  public void updateLimits(String container, ContainerLimits limits) throws EngineException {
    call(
        "set the limits of container " + container + " to " + limits,
        () ->
            client
                .updateContainerCmd(container)
                .withMemory(limits.memoryBytes())
                .withMemorySwap(limits.memoryBytes())
                .withNanoCPUs(limits.nanoCpus())
                .exec());
  }

  @Override
  public void pause(String container) throws EngineException {
    call("pause container " + container, () -> client.pauseContainerCmd(container).exec());
  }

  @Override
  public void unpause(String container) throws EngineException {
    call(
        "unpause container " + container,
        () -> {
          try {
            return client.unpauseContainerCmd(container).exec();
          } catch (DockerException e) {
            if (Boolean.TRUE.equals(
                client.inspectContainerCmd(container).exec().getState().getPaused())) {
              throw e;
            }
            return null;
          }
        });
  }

  @Override
  public boolean hasImage(String image) throws EngineException {
    return call(
        "find image " + image,
        () -> {
          try {
            client.inspectImageCmd(image).exec();
            return true;
          } catch (NotFoundException absent) {
            return false;
          }
        });
  }

  @Override
  public EngineInfo ping() throws EngineException {
    Info info = call("ask the engine who it is", () -> client.infoCmd().exec());
    return new EngineInfo("docker", String.valueOf(info.getServerVersion()), runtimes(info));
  }

  /** By name, with their arguments, for which the client library has no method. */
  private static Map<String, List<String>> runtimes(Info info) {
    Map<String, List<String>> runtimes = new HashMap<>();
    if (info.getRawValues().get("Runtimes") instanceof Map<?, ?> told) {
      told.forEach((name, runtime) -> runtimes.put(String.valueOf(name), arguments(runtime)));
    }
    return runtimes;
  }

  private static List<String> arguments(@Nullable Object runtime) {
    return runtime instanceof Map<?, ?> told && told.get("runtimeArgs") instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : List.of();
  }

  @Override
  public void close() {
    callers.shutdownNow();
    try {
      client.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the engine's client could not be closed", e);
    }
  }

  private <T extends @Nullable Object> T call(String what, Callable<T> command)
      throws EngineException {
    Future<T> answer;
    try {
      answer = callers.submit(command);
    } catch (RejectedExecutionException e) {
      throw new EngineException(
          Kind.UNAVAILABLE,
          "cannot " + what + ": " + PARALLEL_CALLS + " calls to the engine are waiting already",
          e);
    }
    try {
      return answer.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new EngineException(
          Kind.UNAVAILABLE,
          "cannot " + what + ": the engine did not answer within " + deadline.toMillis() + " ms",
          e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new EngineException(Kind.UNAVAILABLE, "interrupted: " + what, e);
    } catch (ExecutionException e) {
      throw failure(what, e.getCause());
    }
  }

  private static EngineException failure(String what, @Nullable Throwable cause) {
    String message = "cannot " + what + ": " + (cause == null ? "?" : cause.getMessage());
    return switch (cause) {
      case NotFoundException e -> new EngineException(Kind.NOT_FOUND, message, e);
      case NotModifiedException e -> new EngineException(Kind.REFUSED, message, e);
      case DockerException e -> new EngineException(Kind.REFUSED, message, e);
      case null, default -> new EngineException(Kind.UNAVAILABLE, message, cause);
    };
  }
}
