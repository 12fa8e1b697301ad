package io.funkhaus.api.user;

import io.funkhaus.api.caller.UserId;

/** What is needed to check the password of a user. */
public record Credentials(UserId user, PasswordHash passwordHash) {}
