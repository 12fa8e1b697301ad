package io.funkhaus.scheduler.engine.docker;

import static java.util.Objects.requireNonNull;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.ContainerConfig;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A container as the engine has taken it, and what was wanted of it.
 *
 * @param imageEnvironment the constants that the image itself brings
 */
public record InspectedContainer(
    InspectContainerResponse container, List<String> imageEnvironment, Wanted wanted) {

  /**
   * What differs between sandboxes.
   *
   * @param runtime of the engine, by its name there
   * @param sandboxes the directory of ours below which everything bound must be
   */
  public record Wanted(
      String image, String runtime, long memoryBytes, Path sandboxes, Map<String, String> labels) {}

  public static InspectedContainer of(String container, Wanted wanted) {
    try (DockerClient client = client()) {
      InspectContainerResponse inspected = client.inspectContainerCmd(container).exec();
      ContainerConfig image =
          requireNonNull(client.inspectImageCmd(wanted.image()).exec().getConfig());
      return new InspectedContainer(
          inspected, Arrays.asList(requireNonNull(image.getEnv())), wanted);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  HostConfig host() {
    return container.getHostConfig();
  }

  /** The mount options of /tmp. */
  List<String> tmpOptions() {
    return List.of(requireNonNull(host().getTmpFs()).getOrDefault("/tmp", "").split(","));
  }

  private static DockerClient client() {
    DefaultDockerClientConfig config =
        DefaultDockerClientConfig.createDefaultConfigBuilder()
            .withDockerHost(
                System.getenv().getOrDefault("DOCKER_HOST", "unix:///var/run/docker.sock"))
            .build();
    return DockerClientImpl.getInstance(
        config, new ZerodepDockerHttpClient.Builder().dockerHost(config.getDockerHost()).build());
  }
}
