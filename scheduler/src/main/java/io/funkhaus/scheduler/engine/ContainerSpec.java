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
 * @param binds read-only directories of the host
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
    Map<String, String> labels,
    List<String> environment) {

  private static final long MEBIBYTE = 1024L * 1024;
  private static final long LARGEST_TMP_BYTES = 512 * MEBIBYTE;
  private static final int TMP_INODES = 16_384;

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

  /** A directory of the host that the container sees and cannot change. */
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
   * @param runDirectory where the sandbox finds its socket
   * @param labels whose it is
   */
  public static ContainerSpec harden(
      String image,
      ContainerLimits limits,
      Path taskDirectory,
      Path runDirectory,
      String seccompProfile,
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
        Map.of("/tmp", tmpOptions(limits.memoryBytes())),
        List.of(
            new ReadOnlyBind(taskDirectory, "/var/task"),
            new ReadOnlyBind(runDirectory, "/run/fn")),
        "none",
        "none",
        seccompProfile,
        labels,
        List.of());
  }

  /** Files in /tmp count as memory of the sandbox, hence never more than half of it. */
  private static String tmpOptions(long memoryBytes) {
    return "rw,noexec,nosuid,nodev,size=%d,nr_inodes=%d,mode=1777"
        .formatted(Math.min(LARGEST_TMP_BYTES, memoryBytes / 2), TMP_INODES);
  }
}
