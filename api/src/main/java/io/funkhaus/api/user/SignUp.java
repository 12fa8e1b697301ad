package io.funkhaus.api.user;

import io.funkhaus.api.tenant.Member;

/** How signing up ended. */
public sealed interface SignUp {

  /** User and tenant exist now. */
  record Created(Member owner) implements SignUp {}

  /** A user with this address exists already; nothing was changed. */
  record AddressTaken() implements SignUp {}
}
