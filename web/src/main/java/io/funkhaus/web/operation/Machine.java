package io.funkhaus.web.operation;

import com.sun.management.OperatingSystemMXBean;
import io.funkhaus.web.settings.SettingsReader;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;

/** What the machine offers; the defaults of some settings follow it. */
public final class Machine {
  private Machine() {}

  public static SettingsReader.Host current() {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    int megabytes = (int) Math.min(Integer.MAX_VALUE, system.getTotalMemorySize() >> 20);
    return new SettingsReader.Host(megabytes, Path.of(System.getProperty("user.home")));
  }
}
