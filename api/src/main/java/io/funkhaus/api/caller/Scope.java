package io.funkhaus.api.caller;

/** What a caller may do within its tenant. A signed-in user of the console has {@link #FULL}. */
public enum Scope {
  /** Call functions and ask who one is; nothing else. */
  INVOKE,
  /** Everything within the tenant. */
  FULL
}
