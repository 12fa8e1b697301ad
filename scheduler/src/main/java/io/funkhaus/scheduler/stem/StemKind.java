package io.funkhaus.scheduler.stem;

import io.funkhaus.scheduler.Isolation;
import io.funkhaus.scheduler.LanguageRuntime;

/** What makes two stems interchangeable: the runtime (with its architecture) and the wall. */
public record StemKind(LanguageRuntime runtime, Isolation isolation) {
  @Override
  public String toString() {
    return runtime.name() + "/" + runtime.architecture() + "/" + isolation;
  }
}
