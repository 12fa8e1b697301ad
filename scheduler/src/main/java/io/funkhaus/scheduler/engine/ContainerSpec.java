package io.funkhaus.scheduler.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The hardened specification of a sandbox's container, field by field as shared with every engine.
 * Made in exactly one place, {@link #harden}; nothing in it is ever taken from what a user typed:
 * the image comes from the catalogue of runtimes, the directories are named by the scheduler, the
 * rest is constant or computed from a number that was checked before. Labels are the only text that
 * tells of the user, and the engine gives them no meaning.
 *
 * <p>What must not be broken: every field here has a test that fails when it is left out.
 *
 * @param image reference of the sandbox image; its entry point and arguments are used as they are
 * @param user numeric user and group
 * @param limits of memory and processor time
 * @param cpuShares weight against the service and everything else on the host (1024 is normal)
 * @param pidsLimit processes and threads
 * @param noFile open files of one process
 * @param tmpfs mount options of each writable directory in memory
 * @param binds read-only directories and files of the host
 * @param runtime the engine's runtime that makes the container, by its name there; empty for the
 *     engine's own choice
 * @param environment non-secret constants; a function's variables travel over the channel
 */
public record ContainerSpec(
    String image,
    String user,
    String hostname,
    String workingDirectory,
    ContainerLimits limits,
    int cpuShares,
    long pidsLimit,
    long noFile,
    int oomScoreAdjustment,
    Map<String, String> tmpfs,
    List<ReadOnlyBind> binds,
    String networkMode,
    String ipcMode,
    String seccompProfile,
    String runtime,
    Map<String, String> labels,
    List<String> environment) {

  private static final long MEBIBYTE = 1024L * 1024;
  private static final long TMP_BYTES = 512 * MEBIBYTE;
  private static final int TMP_INODES = 16_384;

  /**
   * The same for every function, because it cannot be changed when a stem gets its function. What
   * is in /tmp counts as memory of the sandbox: the function's limit of memory is the lower end of
   * it.
   */
  private static final String TMP_OPTIONS =
      "rw,noexec,nosuid,nodev,size=%d,nr_inodes=%d,mode=1777".formatted(TMP_BYTES, TMP_INODES);

  public ContainerSpec {
    if (pidsLimit < 1 || noFile < 1) {
      throw new IllegalArgumentException(
          "pidsLimit and noFile must be at least 1 (the engine takes 0 for unlimited)");
    }
    tmpfs = Map.copyOf(tmpfs);
    binds = List.copyOf(binds);
    labels = Map.copyOf(labels);
    environment = List.copyOf(environment);
  }

  /** A directory or file of the host that the container sees and cannot change. */
  public record ReadOnlyBind(Path host, String container) {
    public ReadOnlyBind {
      if (!host.isAbsolute() || host.toString().indexOf(':') >= 0) {
        throw new IllegalArgumentException(
            "a bound directory must be absolute and without a colon, was " + host);
      }
    }
  }

  /**
   * The one place where a sandbox's container is specified.
   *
   * @param image from the runtime catalogue
   * @param limits the function's, or a stem's until it becomes one's
   * @param taskDirectory where the function's code is put
   * @param runDirectory where the sandbox finds its socket, and the file {@code hosts}: the engine
   *     makes none for a container without a network
   * @param runtime name of the engine's runtime; empty for the usual one
   * @param labels whose it is
   */
  public static ContainerSpec harden(
      String image,
      ContainerLimits limits,
      Path taskDirectory,
      Path runDirectory,
      String seccompProfile,
      String runtime,
      Map<String, String> labels) {
    return new ContainerSpec(
        image,
        "10001:10001",
        "sandbox",
        "/var/task",
        limits,
        256,
        256,
        1024,
        500,
        Map.of("/tmp", TMP_OPTIONS),
        List.of(
            new ReadOnlyBind(taskDirectory, "/var/task"),
            new ReadOnlyBind(runDirectory, "/run/fn"),
            new ReadOnlyBind(runDirectory.resolve("hosts"), "/etc/hosts")),
        "none",
        "none",
        seccompProfile,
        runtime,
        labels,
        List.of());
  }
}
