package io.funkhaus.api.recording;

import java.util.Optional;

/**
 * The recorder as health checks and gauges see it.
 *
 * @param journalBytes what the journal takes on disk
 * @param waitingRecords appended in this run and not yet in the database
 * @param writtenRecords carried over in this run
 * @param rejectedRecords put aside because the database refused them as data
 * @param tornSegments ends of the journal that could not be read
 * @param interrupted invocations that an earlier run left under way, found at the start of this one
 * @param unmarked invocations of this run that a kill would have left without a trace, because more
 *     were under way than there is room for
 * @param refusal why invocations are refused, if they are: then the service is not ready
 * @param databaseFailure what the last try to write failed with, if it did
 */
public record RecorderStatus(
    long journalBytes,
    long journalLimitBytes,
    long waitingRecords,
    long writtenRecords,
    long rejectedRecords,
    long tornSegments,
    long interrupted,
    long unmarked,
    Optional<String> refusal,
    Optional<String> databaseFailure) {}
