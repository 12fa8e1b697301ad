package io.funkhaus.scheduler.fault;

import io.funkhaus.scheduler.sandbox.Sandbox;
import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What is left in this process's memory after a full collection, as the virtual machine itself
 * counts it: no noise of what is only not collected yet.
 *
 * @param bytes of all objects
 * @param sandboxes objects that stand for a sandbox; each holds its log, its channel and its turns
 */
record Heap(long bytes, long sandboxes) {

  static Heap now() {
    long bytes = 0;
    long sandboxes = 0;
    for (String line : histogram().split("\n", -1)) {
      // rank: instances bytes class (module) – at the end: Total instances bytes
      String[] columns = line.strip().split("\\s+", -1);
      if (columns[0].equals("Total")) {
        bytes = Long.parseLong(columns[2]);
      } else if (columns.length > 3 && columns[3].equals(Sandbox.class.getName())) {
        sandboxes = Long.parseLong(columns[1]);
      }
    }
    if (bytes == 0) {
      throw new AssertionError("the virtual machine tells its memory in another way now");
    }
    return new Heap(bytes, sandboxes);
  }

  private static String histogram() {
    try {
      return (String)
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "gcClassHistogram",
                  new Object[] {new String[0]},
                  new String[] {String[].class.getName()});
    } catch (JMException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Those that are there anyway taken out. */
  Heap without(int present) {
    return new Heap(bytes, sandboxes - present);
  }
}
