package io.funkhaus.api;

import org.springframework.data.jpa.repository.query.DeclaredQuery;
import org.springframework.data.jpa.repository.query.QueryEnhancerFactories;
import org.springframework.data.jpa.repository.query.QueryEnhancerFactory;
import org.springframework.data.jpa.repository.query.QueryEnhancerSelector;

/**
 * Spring Data leaves the queries of the repositories as they are written: nothing here is sorted or
 * counted by a query derived from another. Its own parser read each of them to be able to, which
 * was a sixth of what the service computes before it is ready; Hibernate reads and checks them too.
 */
final class DeclaredQueries implements QueryEnhancerSelector {
  DeclaredQueries() {}

  @Override
  public QueryEnhancerFactory select(DeclaredQuery query) {
    return QueryEnhancerFactories.fallback();
  }
}
