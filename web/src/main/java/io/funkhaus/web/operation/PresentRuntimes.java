package io.funkhaus.web.operation;

import io.funkhaus.scheduler.Architecture;
import io.funkhaus.scheduler.LanguageRuntime;
import io.funkhaus.scheduler.RuntimeCatalog;
import java.util.List;
import java.util.Optional;

/** The runtimes whose images were there at the start; an image built later needs a restart. */
record PresentRuntimes(List<LanguageRuntime> all) implements RuntimeCatalog {

  PresentRuntimes {
    all = List.copyOf(all);
  }

  @Override
  public Optional<LanguageRuntime> find(String name, Architecture architecture) {
    return all.stream()
        .filter(runtime -> runtime.name().equals(name) && runtime.architecture() == architecture)
        .findFirst();
  }
}
