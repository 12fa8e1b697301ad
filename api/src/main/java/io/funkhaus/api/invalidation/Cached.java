package io.funkhaus.api.invalidation;

/**
 * A cache that wants to hear of changed rows. Called from the thread that listens to the database
 * and from threads that have just committed; must be quick and must not use the database.
 */
public interface Cached {

  /** The row with this id has changed or is gone. */
  void forget(String id);

  /** Any row may have changed unheard. */
  void forgetAll();
}
