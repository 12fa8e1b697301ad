package io.funkhaus.web.api;

import io.funkhaus.web.fixture.RunningService;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Every call of the REST API, asked from the running service: a new one is tested untold. */
final class ApiEndpoints {
  private ApiEndpoints() {}

  /** One call; {@code path} has its variables in braces. */
  record Endpoint(String method, String path, boolean takesZipOnly) {
    /** As the tables of the tests name it. */
    String call() {
      return method + " " + path;
    }

    boolean namesSomething() {
      return path.indexOf('{') >= 0;
    }
  }

  static List<Endpoint> of(RunningService service) {
    RequestMappingHandlerMapping mappings =
        service
            .context()
            .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class);
    return mappings.getHandlerMethods().entrySet().stream()
        .filter(mapping -> isOurs(mapping))
        .flatMap(mapping -> endpoints(mapping.getKey()))
        .distinct()
        .toList();
  }

  private static boolean isOurs(Map.Entry<RequestMappingInfo, ?> mapping) {
    return mapping.getKey().getPatternValues().stream()
        .anyMatch(path -> path.startsWith("/api/") && !path.startsWith("/api/v1/openapi"));
  }

  private static Stream<Endpoint> endpoints(RequestMappingInfo info) {
    boolean zipOnly =
        info.getConsumesCondition().getConsumableMediaTypes().stream()
            .anyMatch(type -> type.toString().equals("application/zip"));
    return info.getPatternValues().stream()
        .flatMap(path ->
            info.getMethodsCondition().getMethods().stream()
                .map(RequestMethod::name)
                .map(method -> new Endpoint(method, path, zipOnly)));
  }
}
