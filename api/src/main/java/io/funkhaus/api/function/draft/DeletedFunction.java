package io.funkhaus.api.function.draft;

import java.time.Instant;

/** A function that was deleted and can still be taken back. */
public record DeletedFunction(String name, Instant deletedAt, Instant goneForGoodAt) {}
