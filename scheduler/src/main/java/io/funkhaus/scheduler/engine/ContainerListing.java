package io.funkhaus.scheduler.engine;

import java.util.Map;

/** One container of a list. */
public record ContainerListing(String container, Map<String, String> labels, boolean running) {
  public ContainerListing {
    labels = Map.copyOf(labels);
  }
}
