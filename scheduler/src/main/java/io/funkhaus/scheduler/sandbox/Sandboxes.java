package io.funkhaus.scheduler.sandbox;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The book of everything that should exist on the host: ids of sandboxes from before their
 * container is created until after it is verifiably gone. The reconciler compares it with what the
 * engine has.
 */
public final class Sandboxes {
  private final Set<String> wanted = ConcurrentHashMap.newKeySet();
  private final Map<String, Sandbox> connected = new ConcurrentHashMap<>();

  void announce(String id) {
    wanted.add(id);
  }

  void connected(Sandbox sandbox) {
    connected.put(sandbox.id(), sandbox);
  }

  void forget(String id) {
    connected.remove(id);
    wanted.remove(id);
  }

  /** Ids of all that may have a container now. */
  public Set<String> wanted() {
    return Set.copyOf(wanted);
  }

  boolean isEmpty() {
    return wanted.isEmpty();
  }

  /** All that have connected and are not gone yet, destroyed ones included. */
  public Collection<Sandbox> connected() {
    return connected.values();
  }
}
