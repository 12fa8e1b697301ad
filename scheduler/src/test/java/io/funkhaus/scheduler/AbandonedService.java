package io.funkhaus.scheduler;

import io.funkhaus.scheduler.engine.ContainerListing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/** A process with a scheduler and a warm sandbox, made to be killed by a test. */
public final class AbandonedService {
  private AbandonedService() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    SchedulerFixture platform = SchedulerFixture.start();
    Files.writeString(marker(ProcessHandle.current().pid()), platform.data().toString());
    platform.invoke(platform.node("exports.handler = async () => 1").spec(), "{}");
    System.out.println(
        "ready "
            + platform.containers().stream()
                .map(ContainerListing::container)
                .collect(Collectors.joining(",")));
    new CountDownLatch(1).await();
  }

  /** A file that tells where the process with this id keeps its data. */
  static Path marker(long pid) {
    return Path.of("/tmp", "fn-it-abandoned-" + pid);
  }
}
