package io.funkhaus.api.problem;

import org.springframework.boot.jackson.autoconfigure.JsonFactoryBuilderCustomizer;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;

/**
 * How request bodies are read: what is unknown, twice there, or behind the end is refused, and
 * nothing may be deep, long or large without bound. The only place that says so; {@link Problems}
 * turns what is refused into an answer.
 */
@Configuration(proxyBeanMethods = false)
class JsonRules {
  static final long MAX_BODY_BYTES = 32L * 1024 * 1024;
  private static final int MAX_STRING_CHARACTERS = 6_291_556;

  @Bean
  JsonMapperBuilderCustomizer strictRequests() {
    return builder ->
        builder
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);
  }

  @Bean
  JsonFactoryBuilderCustomizer boundedRequests() {
    return factory ->
        factory
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(200)
                    .maxNumberLength(1000)
                    .maxNameLength(4096)
                    .maxStringLength(MAX_STRING_CHARACTERS)
                    .maxDocumentLength(MAX_BODY_BYTES)
                    .build());
  }
}
