package io.funkhaus.web.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.RequestPath;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.condition.PathPatternsRequestCondition;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Which paths there are, whatever their methods. {@link Refusals} asks it what to say to somebody
 * who has been refused already; it must never decide who is let through.
 */
@Component
class ApiPaths {
  private final ObjectProvider<RequestMappingHandlerMapping> mappings;

  /** Mappings are made after the filter chains, so they are looked up when asked. */
  ApiPaths(ObjectProvider<RequestMappingHandlerMapping> mappings) {
    this.mappings = mappings;
  }

  boolean contain(HttpServletRequest request) {
    PathContainer path =
        RequestPath.parse(request.getRequestURI(), request.getContextPath())
            .pathWithinApplication();
    return mappings.stream()
        .flatMap(mapping -> mapping.getHandlerMethods().keySet().stream())
        .map(RequestMappingInfo::getPathPatternsCondition)
        .filter(Objects::nonNull)
        .map(PathPatternsRequestCondition::getPatterns)
        .anyMatch(patterns -> patterns.stream().anyMatch(pattern -> pattern.matches(path)));
  }
}
