package io.funkhaus.scheduler.dispatch;

import java.util.LinkedHashSet;
import java.util.Set;

/** What one tenant uses now. Guarded by the book's lock. */
final class Tenant<S> {
  final String id;
  int running;
  int waiting;
  int starting;
  int lines;
  long memoryBytes;

  /** Those of its lines in which somebody waits. */
  final Set<Line<S>> waitingLines = new LinkedHashSet<>();

  Tenant(String id) {
    this.id = id;
  }
}
