package io.funkhaus.web.settings;

import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Everything an operator can set, read once from {@code FUNKHAUS_*} environment variables by {@link
 * SettingsReader} and valid from then on. {@code docs/settings.md} lists the variables.
 *
 * @param address where the console and the REST API listen
 * @param port of the console and the REST API; 0 takes a free one
 * @param managementPort of health and metrics, always on the loopback address; 0 takes a free one
 * @param publicUrl what a browser has in its address bar; https makes cookies secure, a path is
 *     what the proxy in front leaves before ours
 * @param data directory of everything the service keeps on disk
 * @param database which PostgreSQL
 * @param dockerHost of the container engine
 * @param imageTag of the sandbox images
 * @param instance marks this installation's containers; empty takes the one kept in the data
 *     directory
 * @param capacity limits of the whole installation
 * @param retention how long records are kept
 * @param drain how long running invocations may take to end after a SIGTERM
 * @param logFormat of the service's own log
 */
public record Settings(
    InetAddress address,
    int port,
    int managementPort,
    URI publicUrl,
    Path data,
    DatabaseSettings database,
    URI dockerHost,
    String imageTag,
    String instance,
    Capacity capacity,
    Retention retention,
    Duration drain,
    LogFormat logFormat) {

  /**
   * What the whole installation gives at the same time.
   *
   * @param memoryMegabytes sum of the memory limits of all sandboxes
   * @param tenantConcurrency invocations of one tenant at the same time
   * @param functionConcurrency sandboxes of one function version at the same time
   * @param parallelStarts containers that are started at the same time
   * @param stems containers of each runtime that wait for a function, when nobody has used it
   *     lately; 0 makes them only when they are needed
   * @param queue who waits when all of that is taken
   */
  public record Capacity(
      int memoryMegabytes,
      int tenantConcurrency,
      int functionConcurrency,
      int parallelStarts,
      int stems,
      Queue queue) {}

  /**
   * How many invocations wait for a sandbox, and for how long.
   *
   * @param total of all tenants
   * @param perTenant of one of them
   * @param longestWait of each of them
   */
  public record Queue(int total, int perTenant, Duration longestWait) {}

  /**
   * What is kept, and for how long.
   *
   * @param invocations how long the list of invocations goes back
   * @param logs how long logs of invocations are kept
   * @param journalMegabytes how much may wait on disk while PostgreSQL is away
   * @param journalForce how often the journal is forced to the disk against loss of power; zero
   *     leaves that to the operating system
   */
  public record Retention(
      Duration invocations, Duration logs, int journalMegabytes, Duration journalForce) {}
}
