package io.funkhaus.scheduler.pool;

import io.funkhaus.scheduler.engine.ContainerEngine;
import io.funkhaus.scheduler.engine.ContainerListing;
import io.funkhaus.scheduler.engine.EngineException;
import io.funkhaus.scheduler.engine.Labels;
import io.funkhaus.scheduler.sandbox.DestroyReason;
import io.funkhaus.scheduler.sandbox.Remover;
import io.funkhaus.scheduler.sandbox.Sandbox;
import io.funkhaus.scheduler.sandbox.SandboxDirectories;
import io.funkhaus.scheduler.sandbox.Sandboxes;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what should exist on the host with what does: containers of this installation that the
 * book does not know (of an earlier run, or of a start that was lost) are removed, sandboxes whose
 * container is gone are given up. At start and every few seconds.
 *
 * <p>What must not be broken: containers of another installation are never touched, and a container
 * that is just being made is in the book before it exists.
 */
public final class Reaper {
  private static final Logger LOG = LoggerFactory.getLogger(Reaper.class);

  private final ContainerEngine engine;
  private final Sandboxes book;
  private final Remover remover;
  private final SandboxDirectories directories;
  private final Map<String, String> ours;

  public Reaper(
      ContainerEngine engine,
      Sandboxes book,
      Remover remover,
      SandboxDirectories directories,
      String instance) {
    this.engine = engine;
    this.book = book;
    this.remover = remover;
    this.directories = directories;
    this.ours = Map.of(Labels.INSTANCE, instance);
  }

  /**
   * One comparison.
   *
   * @return how many containers were removed that nobody wanted
   * @throws EngineException when the engine does not tell what it has
   */
  public int round() throws EngineException, IOException {
    remover.retry();
    List<Sandbox> before = List.copyOf(book.connected());
    List<ContainerListing> actual = engine.list(ours);
    giveUpMissing(before, actual);
    int removed = removeUnknown(actual);
    directories.deleteAllBut(book::wanted);
    return removed;
  }

  private void giveUpMissing(List<Sandbox> before, List<ContainerListing> actual) {
    Set<String> present = new HashSet<>();
    for (ContainerListing listing : actual) {
      if (listing.running()) {
        present.add(listing.container());
      }
    }
    for (Sandbox sandbox : before) {
      if (!present.contains(sandbox.container()) && sandbox.destroy(DestroyReason.LOST)) {
        LOG.warn("event=container_vanished sandbox={}", sandbox.id());
      }
    }
  }

  private int removeUnknown(List<ContainerListing> actual) throws EngineException {
    Set<String> wanted = book.wanted();
    int removed = 0;
    for (ContainerListing listing : actual) {
      String sandbox = listing.labels().getOrDefault(Labels.SANDBOX, "");
      if (!wanted.contains(sandbox)) {
        LOG.warn(
            "event=orphan_removed container={} epoch={}",
            listing.container(),
            listing.labels().get(Labels.EPOCH));
        remover.removeContainer(listing.container());
        removed++;
      }
    }
    return removed;
  }
}
