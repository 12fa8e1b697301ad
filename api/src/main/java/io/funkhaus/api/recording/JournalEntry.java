package io.funkhaus.api.recording;

/** What a record of the journal can be. */
sealed interface JournalEntry {
  /** One invocation. */
  record Ended(InvocationRecord invocation) implements JournalEntry {}

  /** A number of refusals. */
  record Refused(RefusedCount count) implements JournalEntry {}
}
