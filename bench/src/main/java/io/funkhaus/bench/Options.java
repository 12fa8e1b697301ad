package io.funkhaus.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the launcher asks for.
 *
 * @param root of the sources
 * @param work directory of this benchmark: peers, the service's data, logs
 * @param quick three minutes instead of twenty
 * @param only names of measurements; empty for all
 */
record Options(Path root, Path work, boolean quick, List<String> only) {

  Options {
    only = List.copyOf(only);
  }

  static Options parse(String[] arguments) {
    Path root = Path.of(".");
    Path work = Path.of("bench");
    boolean quick = false;
    List<String> only = new ArrayList<>();
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--root" -> root = Path.of(arguments[++i]);
        case "--work" -> work = Path.of(arguments[++i]);
        case "--quick" -> quick = true;
        case "--only" -> only.addAll(List.of(arguments[++i].split(",")));
        default -> throw new IllegalArgumentException("There is no option '" + arguments[i] + "'.");
      }
    }
    return new Options(root.toAbsolutePath(), work.toAbsolutePath(), quick, only);
  }

  /** Only a whole run is what docs/benchmarks.md shows. */
  boolean whole() {
    return !quick && only.isEmpty();
  }

  String kind() {
    return (quick ? "quick" : "full") + (only.isEmpty() ? "" : ", only " + String.join(", ", only));
  }
}
