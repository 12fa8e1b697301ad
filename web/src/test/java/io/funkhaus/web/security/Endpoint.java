package io.funkhaus.web.security;

import io.funkhaus.web.fixture.RunningService;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Every method and path that a controller of the running service takes, so that a new one is
 * covered by the tests of all the others.
 */
record Endpoint(String method, String path) {

  private static final Set<RequestMethod> UNSAFE =
      Set.of(RequestMethod.POST, RequestMethod.PUT, RequestMethod.PATCH, RequestMethod.DELETE);

  /** All of them; a path variable is filled with a value that exists nowhere. */
  static List<Endpoint> of(RunningService service) {
    RequestMappingHandlerMapping mappings =
        service
            .context()
            .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class);
    return mappings.getHandlerMethods().keySet().stream()
        .flatMap(Endpoint::of)
        .distinct()
        .sorted(Comparator.comparing(Endpoint::toString))
        .toList();
  }

  boolean isUnsafe() {
    return UNSAFE.contains(RequestMethod.valueOf(method));
  }

  boolean isApi() {
    return path.startsWith("/api/");
  }

  @Override
  public String toString() {
    return method + " " + path;
  }

  private static Stream<Endpoint> of(RequestMappingInfo mapping) {
    Set<RequestMethod> methods = new LinkedHashSet<>(mapping.getMethodsCondition().getMethods());
    if (methods.isEmpty()) {
      methods.add(RequestMethod.GET);
      methods.addAll(UNSAFE);
    }
    Set<String> paths =
        mapping.getPatternValues().stream()
            .map(pattern -> pattern.replaceAll("\\{[^}]+}", "12345"))
            .collect(Collectors.toSet());
    return methods.stream()
        .flatMap(method -> paths.stream().map(path -> new Endpoint(method.name(), path)));
  }
}
