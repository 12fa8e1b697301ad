package io.funkhaus.api;

import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;

/** Where the entities and repositories of this module are found. */
@Configuration(proxyBeanMethods = false)
@EntityScan("io.funkhaus.api")
@EnableJpaRepositories(
    basePackages = "io.funkhaus.api",
    queryEnhancerSelector = DeclaredQueries.class)
class ApiConfiguration {}
