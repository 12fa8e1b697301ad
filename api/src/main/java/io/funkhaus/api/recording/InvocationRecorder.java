package io.funkhaus.api.recording;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what ran. {@link #record} appends to the journal and returns; a thread of its own carries
 * the journal into PostgreSQL every 200 ms, or sooner when 2,000 records wait or a reader asks.
 *
 * <p>Whoever runs an invocation says {@link #begin} before and {@link #end} after its record was
 * kept, or when it gets none: of one that the service did not live to record, the next start makes
 * a record.
 *
 * <p>What must not be broken: an invocation is answered only after {@link #record} returned, and
 * its record leaves the journal only after the database has it.
 */
public final class InvocationRecorder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(InvocationRecorder.class);
  private static final Duration REFUSAL_DRAIN = Duration.ofSeconds(1);
  private static final Duration MAINTENANCE = Duration.ofHours(1);
  private static final Duration MAINTENANCE_RETRY = Duration.ofMinutes(1);
  private static final Duration CLOSE_FLUSH = Duration.ofSeconds(10);

  private final RecordingSettings settings;
  private final Journal journal;
  private final UnderWayFile underWay;
  private final RecordStore store;
  private final InstantSource clock;
  private final LongSupplier ticker;
  private final RefusalSampler refusals = new RefusalSampler();
  private final Progress progress = new Progress();
  private final JournalCarrier carrier;
  private final Thread thread;

  private final AtomicLong appended;
  private final int interrupted;
  private volatile @Nullable String databaseFailure;

  // Only the recorder's thread touches these.
  private long refusalsDrainedAt;
  private long forcedAt;
  private long maintainAt;

  private InvocationRecorder(
      RecordingSettings settings,
      Journal journal,
      DataSource database,
      InstantSource clock,
      LongSupplier ticker)
      throws IOException {
    this.settings = settings;
    this.journal = journal;
    this.interrupted = appendInterrupted(journal);
    this.appended = new AtomicLong(interrupted);
    this.underWay = UnderWayFile.create(journal.underWayFile(), UnderWayFile.SLOTS);
    this.store = new RecordStore(database);
    this.clock = clock;
    this.ticker = ticker;
    this.carrier =
        new JournalCarrier(journal, store, progress, settings.journal().resolve("rejected"));
    this.refusalsDrainedAt = ticker.getAsLong();
    this.forcedAt = refusalsDrainedAt;
    this.maintainAt = refusalsDrainedAt;
    this.thread = Thread.ofPlatform().name("recorder").daemon(true).unstarted(this::run);
  }

  /**
   * Opens the journal and starts to carry over what an earlier run left in it. What was under way
   * when that run ended is on the list as interrupted from here on.
   *
   * @param ticker nanoseconds that only rise
   * @throws IOException when the journal's directory cannot be used
   */
  public static InvocationRecorder start(
      RecordingSettings settings, DataSource database, InstantSource clock, LongSupplier ticker)
      throws IOException {
    Journal journal = Journal.open(settings.journal(), settings.limits());
    try {
      InvocationRecorder recorder =
          new InvocationRecorder(settings, journal, database, clock, ticker);
      recorder.thread.start();
      return recorder;
    } catch (IOException | RuntimeException e) {
      journal.close();
      throw e;
    }
  }

  /**
   * Before their file is made anew: a kill in between repeats this, and what the database has
   * already is not added to it ({@link RecordStore}).
   */
  private static int appendInterrupted(Journal journal) throws IOException {
    List<InvocationRecord> interrupted = UnderWayFile.interrupted(journal.underWayFile());
    for (InvocationRecord record : interrupted) {
      journal.append(JournalCodec.encode(record));
    }
    if (!interrupted.isEmpty()) {
      LOG.warn("event=invocations_interrupted count={}", interrupted.size());
    }
    return interrupted.size();
  }

  /**
   * Why no invocation may be started now, if so: what it answers could not be kept. Ask before each
   * invocation; it costs one volatile read.
   */
  public Optional<String> refusal() {
    return journal.refusal();
  }

  /**
   * Marks an invocation as under way, so that it leaves a trace should the service be killed. Costs
   * no lock, no system call and no allocation.
   *
   * @return for {@link #end}
   */
  public int begin(InvocationStart start) {
    return underWay.put(start);
  }

  /**
   * Takes back the mark of an invocation: after its record was kept, or when there will be none
   * because its caller is told what failed. The mark of one whose record cannot be kept stays, as
   * the only trace of it.
   */
  public void end(int mark) {
    underWay.remove(mark);
  }

  /**
   * Keeps one invocation; when this returns, a killed service does not lose it.
   *
   * @throws RecordingException when the journal cannot take it: then it must not be answered as
   *     done
   */
  public void record(InvocationRecord record) {
    if (record.status() == InvocationStatus.REFUSED && !refusals.records(record)) {
      return;
    }
    append(JournalCodec.encode(record));
  }

  private void append(ByteBuffer entry) {
    try {
      journal.append(entry);
    } catch (IOException e) {
      throw new RecordingException(
          "the record of this invocation could not be kept: " + e.getMessage(), e);
    }
    long waiting = appended.incrementAndGet() - carrier.carriedOver();
    if (waiting == JournalCarrier.BATCH_RECORDS) {
      progress.hurry();
    }
  }

  /**
   * Waits until everything recorded before this call is in the database, so that a reader sees what
   * it just did.
   *
   * @return whether it is; not when the database is away or slower than the wait
   */
  public boolean flush(Duration atMost) {
    return progress.await(journal.end(), atMost);
  }

  /** For health checks and gauges. */
  public RecorderStatus status() {
    return new RecorderStatus(
        journal.bytesOnDisk(),
        settings.journalLimitBytes(),
        Math.max(0, waiting()),
        carrier.carriedOver(),
        carrier.rejected(),
        journal.tornSegments(),
        interrupted,
        underWay.unmarked(),
        refusal(),
        Optional.ofNullable(databaseFailure));
  }

  private long waiting() {
    return appended.get() - carrier.carriedOver();
  }

  private void run() {
    Progress.Pause pause = Progress.Pause.USUAL;
    while (progress.awaitRound(pause)) {
      try {
        housekeep();
        carrier.carryOver();
        maintain();
        databaseFailure = null;
        pause = Progress.Pause.USUAL;
      } catch (SQLException | IOException | RuntimeException e) {
        databaseFailure = String.valueOf(e.getMessage());
        LOG.warn(
            "event=recorder_failed reason={} waiting={} journalBytes={}",
            e.getMessage(),
            waiting(),
            journal.bytesOnDisk(),
            e instanceof RuntimeException ? e : null);
        pause = pause.afterFailure();
      }
    }
  }

  private void housekeep() {
    underWay.signOfLife(clock.instant());
    journal.prepare();
    long now = ticker.getAsLong();
    if (now - refusalsDrainedAt >= REFUSAL_DRAIN.toNanos()) {
      refusalsDrainedAt = now;
      drainRefusals();
    }
    if (settings.force().isPositive() && now - forcedAt >= settings.force().toNanos()) {
      forcedAt = now;
      journal.force();
    }
  }

  private void drainRefusals() {
    refusals.drain(clock.instant()).forEach(count -> append(JournalCodec.encode(count)));
  }

  private void maintain() throws SQLException {
    long now = ticker.getAsLong();
    if (now - maintainAt < 0) {
      return;
    }
    maintainAt = now + MAINTENANCE_RETRY.toNanos();
    store.maintain(clock.instant(), settings);
    maintainAt = now + MAINTENANCE.toNanos();
  }

  /**
   * Carries over what it can within ten seconds, then stops. What is left stays in the journal for
   * the next start.
   */
  @Override
  public void close() throws IOException {
    boolean flushed = false;
    try {
      drainRefusals();
      flushed = flush(CLOSE_FLUSH);
    } finally {
      stop(flushed);
    }
  }

  private void stop(boolean flushed) throws IOException {
    progress.stop();
    try {
      thread.join(CLOSE_FLUSH);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    LOG.info(
        "event=recorder_closed flushed={} waiting={} underWay={}",
        flushed,
        waiting(),
        underWay.taken());
    if (!thread.isAlive()) {
      journal.close();
    }
  }
}
