package io.funkhaus.web.operation;

import io.funkhaus.scheduler.Architecture;
import io.funkhaus.scheduler.LanguageRuntime;
import io.funkhaus.scheduler.RuntimeCatalog;
import io.funkhaus.scheduler.engine.ContainerEngine;
import io.funkhaus.scheduler.engine.EngineException;
import io.funkhaus.scheduler.engine.docker.DockerEngine;
import io.funkhaus.web.settings.Settings;
import io.funkhaus.web.startup.StartupFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The container engine, asked before anything else is started, and the runtimes it has images of.
 * The application makes one and gives it to the scheduler.
 *
 * @param engine that answers
 * @param watched the same engine, for health: gives up sooner, and waits behind no other call
 * @param runtimes that have an image on it
 */
public record SandboxHost(ContainerEngine engine, ContainerEngine watched, RuntimeCatalog runtimes)
    implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SandboxHost.class);
  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final Duration HEALTH_DEADLINE = Duration.ofSeconds(2);

  /** Newest of each language first. */
  private static final List<String> RUNTIMES = List.of("nodejs22.x", "nodejs20.x", "python3.11");

  /**
   * Asks the engine who it is and which sandbox images it has.
   *
   * @throws StartupFailure when it does not answer, or has none
   */
  public static SandboxHost connect(Settings settings) {
    ContainerEngine engine = DockerEngine.at(settings.dockerHost(), DEADLINE);
    try {
      engine.ping();
      RuntimeCatalog runtimes = runtimes(engine, settings.imageTag());
      return new SandboxHost(
          engine, DockerEngine.at(settings.dockerHost(), HEALTH_DEADLINE), runtimes);
    } catch (EngineException failed) {
      engine.close();
      throw new StartupFailure(
          "The Docker engine at "
              + settings.dockerHost()
              + " does not answer ("
              + failed.getMessage()
              + "); start it, make its socket accessible to this user, or set DOCKER_HOST to"
              + " another one.",
          failed);
    } catch (StartupFailure failed) {
      engine.close();
      throw failed;
    }
  }

  private static RuntimeCatalog runtimes(ContainerEngine engine, String tag)
      throws EngineException {
    Architecture architecture = architecture();
    List<LanguageRuntime> present = new ArrayList<>();
    for (String name : RUNTIMES) {
      String image = "funkhaus/sandbox-" + name + ":" + tag;
      if (engine.hasImage(image)) {
        present.add(new LanguageRuntime(name, architecture, image));
      } else {
        LOG.warn("event=image_missing runtime={} image={}", name, image);
      }
    }
    if (present.isEmpty()) {
      throw new StartupFailure(
          "The Docker engine has no sandbox image with the tag "
              + tag
              + " (funkhaus/sandbox-"
              + RUNTIMES.getFirst()
              + ":"
              + tag
              + "); build them with ./funkhaus up, or set FUNKHAUS_IMAGE_TAG to the tag they"
              + " have.");
    }
    return new PresentRuntimes(present);
  }

  private static Architecture architecture() {
    String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return machine.equals("aarch64") ? Architecture.ARM64 : Architecture.X86_64;
  }

  /** After the scheduler, which closes its engine itself, has ended. */
  @Override
  public void close() {
    watched.close();
    engine.close();
  }
}
