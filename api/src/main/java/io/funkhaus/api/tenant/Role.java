package io.funkhaus.api.tenant;

/** What a user is within a tenant. */
public enum Role {
  /** May do everything, and is who signed the tenant up. */
  OWNER,
  /** May do everything with functions and keys. */
  DEVELOPER
}
