package io.funkhaus.api.function;

/** What has a revision that changes with each edit, and is its ETag. */
public interface Revised {
  long revision();
}
