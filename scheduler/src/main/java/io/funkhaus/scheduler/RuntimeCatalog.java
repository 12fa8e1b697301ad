package io.funkhaus.scheduler;

import java.util.List;
import java.util.Optional;

/** The runtimes this installation can run, and the image of each. */
public interface RuntimeCatalog {

  /** The runtime of that name, or empty when this installation has none. */
  Optional<LanguageRuntime> find(String name, Architecture architecture);

  /** All runtimes, newest of each language first. */
  List<LanguageRuntime> all();
}
