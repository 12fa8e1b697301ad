package io.funkhaus.web.settings;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;

/**
 * What the machine offers; the defaults of some settings follow it.
 *
 * @param memoryMegabytes of the machine
 * @param home of the user who runs the service
 */
public record Machine(int memoryMegabytes, Path home) {

  /** The machine this process runs on. */
  public static Machine current() {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    int megabytes = (int) Math.min(Integer.MAX_VALUE, system.getTotalMemorySize() >> 20);
    return new Machine(megabytes, Path.of(System.getProperty("user.home")));
  }
}
