package io.funkhaus.api.recording;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what ran. {@link #record} appends to the journal and returns; a thread of its own carries
 * the journal into PostgreSQL every 200 ms, or sooner when 2,000 records wait or a reader asks.
 *
 * <p>What must not be broken: an invocation is answered only after {@link #record} returned, and
 * its record leaves the journal only after the database has it.
 */
public final class InvocationRecorder implements AutoCloseable {
  static final int BATCH_RECORDS = 2_000;

  private static final Logger LOG = LoggerFactory.getLogger(InvocationRecorder.class);
  private static final int BATCH_BYTES = 8 << 20;
  private static final Duration BATCH_INTERVAL = Duration.ofMillis(200);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(5);
  private static final Duration REFUSAL_DRAIN = Duration.ofSeconds(1);
  private static final Duration MAINTENANCE = Duration.ofHours(1);
  private static final Duration MAINTENANCE_RETRY = Duration.ofMinutes(1);
  private static final Duration CLOSE_FLUSH = Duration.ofSeconds(10);

  private final RecordingSettings settings;
  private final Journal journal;
  private final RecordStore store;
  private final InstantSource clock;
  private final LongSupplier ticker;
  private final RefusalSampler refusals = new RefusalSampler();
  private final Thread thread;

  private final AtomicLong appended = new AtomicLong();
  private final AtomicLong carriedOver = new AtomicLong();
  private final AtomicLong rejected = new AtomicLong();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition wake = lock.newCondition();
  private final Condition advanced = lock.newCondition();

  @GuardedBy("lock")
  private boolean hurry;

  @GuardedBy("lock")
  private boolean stopping;

  @GuardedBy("lock")
  private @Nullable JournalPosition done;

  private volatile @Nullable String databaseFailure;

  // Only the recorder's thread touches these.
  private long refusalsDrainedAt;
  private long forcedAt;
  private long maintainAt;
  private int batchLimit = BATCH_RECORDS;
  private Journal.@Nullable Batch inDoubt;

  private InvocationRecorder(
      RecordingSettings settings,
      Journal journal,
      DataSource database,
      InstantSource clock,
      LongSupplier ticker) {
    this.settings = settings;
    this.journal = journal;
    this.store = new RecordStore(database);
    this.clock = clock;
    this.ticker = ticker;
    this.refusalsDrainedAt = ticker.getAsLong();
    this.forcedAt = refusalsDrainedAt;
    this.maintainAt = refusalsDrainedAt;
    this.thread = Thread.ofPlatform().name("recorder").daemon(true).unstarted(this::run);
  }

  /**
   * Opens the journal and starts to carry over what an earlier run left in it.
   *
   * @param ticker nanoseconds that only rise
   * @throws IOException when the journal's directory cannot be used
   */
  public static InvocationRecorder start(
      RecordingSettings settings, DataSource database, InstantSource clock, LongSupplier ticker)
      throws IOException {
    Journal journal = Journal.open(settings.journal(), settings.limits());
    InvocationRecorder recorder =
        new InvocationRecorder(settings, journal, database, clock, ticker);
    recorder.thread.start();
    return recorder;
  }

  /**
   * Why no invocation may be started now, if so: what it answers could not be kept. Ask before each
   * invocation; it costs one volatile read.
   */
  public Optional<String> refusal() {
    return journal.refusal();
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
    long waiting = appended.incrementAndGet() - carriedOver.get();
    if (waiting == BATCH_RECORDS) {
      hurry();
    }
  }

  private void hurry() {
    lock.lock();
    try {
      hurry = true;
      wake.signal();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until everything recorded before this call is in the database, so that a reader sees what
   * it just did.
   *
   * @return whether it is; not when the database is away or slower than the wait
   */
  public boolean flush(Duration atMost) {
    JournalPosition end = journal.end();
    long remaining = atMost.toNanos();
    lock.lock();
    try {
      while (done == null || done.compareTo(end) < 0) {
        if (remaining <= 0 || stopping) {
          return false;
        }
        hurry = true;
        wake.signal();
        remaining = advanced.awaitNanos(remaining);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** For health checks and gauges. */
  public RecorderStatus status() {
    return new RecorderStatus(
        journal.bytesOnDisk(),
        settings.journalLimitBytes(),
        Math.max(0, appended.get() - carriedOver.get()),
        carriedOver.get(),
        rejected.get(),
        journal.tornSegments(),
        refusal(),
        Optional.ofNullable(databaseFailure));
  }

  private void run() {
    Duration pause = BATCH_INTERVAL;
    while (awaitWork(pause)) {
      try {
        housekeep();
        carryOver();
        maintain();
        databaseFailure = null;
        pause = BATCH_INTERVAL;
      } catch (SQLException | IOException | RuntimeException e) {
        databaseFailure = String.valueOf(e.getMessage());
        LOG.warn(
            "event=recorder_failed reason={} waiting={} journalBytes={}",
            e.getMessage(),
            appended.get() - carriedOver.get(),
            journal.bytesOnDisk(),
            e instanceof RuntimeException ? e : null);
        Duration longer = pause.multipliedBy(2);
        pause = longer.compareTo(LONGEST_RETRY) < 0 ? longer : LONGEST_RETRY;
      }
    }
  }

  /** Waits for the next round; false when there is to be none. */
  private boolean awaitWork(Duration pause) {
    lock.lock();
    try {
      // After a failure a reader in a hurry must not turn the pause into a busy loop.
      boolean mayHurry = databaseFailure == null;
      long remaining = pause.toNanos();
      while (remaining > 0 && !stopping && !(hurry && mayHurry)) {
        remaining = wake.awaitNanos(remaining);
      }
      hurry = false;
      return !stopping;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void housekeep() {
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

  private void carryOver() throws SQLException, IOException {
    JournalPosition from = start();
    while (true) {
      Journal.Batch batch = journal.read(from, batchLimit, BATCH_BYTES);
      if (!batch.records().isEmpty()) {
        writeOrForgetPosition(batch);
      }
      boolean moved = batch.end().compareTo(from) > 0;
      from = moved ? batch.end() : from;
      advance(from, batch.own() ? batch.records().size() : 0);
      if (!moved || stopRequested()) {
        return;
      }
    }
  }

  private JournalPosition start() throws SQLException {
    JournalPosition known = position();
    if (known != null) {
      return known;
    }
    JournalPosition saved = store.position(journal.id()).orElse(JournalPosition.START);
    Journal.Batch doubted = inDoubt;
    inDoubt = null;
    if (doubted != null && doubted.own() && saved.equals(doubted.end())) {
      carriedOver.addAndGet(doubted.records().size());
    }
    if (saved.compareTo(journal.end()) > 0) {
      // The directory is an older copy of itself: rather a record refused as known than one lost.
      LOG.warn(
          "event=recorder_position_ahead segment={} offset={}", saved.segment(), saved.offset());
      return JournalPosition.START;
    }
    return saved;
  }

  /**
   * A connection that breaks at the commit leaves open whether the batch is there. Only the
   * database knows: the next round asks it for the position instead of writing again.
   */
  private void writeOrForgetPosition(Journal.Batch batch) throws SQLException, IOException {
    try {
      write(batch);
    } catch (SQLException | IOException | RuntimeException e) {
      inDoubt = batch;
      lock.lock();
      try {
        done = null;
      } finally {
        lock.unlock();
      }
      throw e;
    }
  }

  private void write(Journal.Batch batch) throws SQLException, IOException {
    try {
      store.write(journal.id(), decode(batch.records()), batch.end());
      batchLimit = Math.min(BATCH_RECORDS, batchLimit * 2);
    } catch (SQLException | IllegalArgumentException e) {
      if (e instanceof SQLException sql && !isAboutTheData(sql)) {
        throw e;
      }
      if (batch.records().size() > 1) {
        batchLimit = Math.max(1, batch.records().size() / 2);
        throw e;
      }
      reject(batch, e);
    }
  }

  private static List<JournalEntry> decode(List<byte[]> records) {
    List<JournalEntry> entries = new ArrayList<>(records.size());
    for (byte[] record : records) {
      entries.add(JournalCodec.decode(record));
    }
    return entries;
  }

  /** Classes 21 to 23 of SQLSTATE: the same statement would fail again. */
  private static boolean isAboutTheData(SQLException e) {
    String state = e.getSQLState();
    return state != null
        && (state.startsWith("21") || state.startsWith("22") || state.startsWith("23"));
  }

  /** One record that the database refuses must not hold up all others: it goes into a file. */
  private void reject(Journal.Batch batch, Exception reason) throws SQLException, IOException {
    Path directory = Files.createDirectories(settings.journal().resolve("rejected"));
    Path file =
        directory.resolve("%d-%d".formatted(batch.start().segment(), batch.start().offset()));
    Files.write(file, batch.records().getFirst());
    rejected.incrementAndGet();
    LOG.error("event=recorder_rejected file={} reason={}", file, reason.getMessage());
    store.write(journal.id(), List.of(), batch.end());
  }

  private void advance(JournalPosition to, int records) throws IOException {
    carriedOver.addAndGet(records);
    lock.lock();
    try {
      done = to;
      advanced.signalAll();
    } finally {
      lock.unlock();
    }
    journal.release(to);
  }

  private @Nullable JournalPosition position() {
    lock.lock();
    try {
      return done;
    } finally {
      lock.unlock();
    }
  }

  private boolean stopRequested() {
    lock.lock();
    try {
      return stopping;
    } finally {
      lock.unlock();
    }
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
    lock.lock();
    try {
      stopping = true;
      wake.signal();
      advanced.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      thread.join(CLOSE_FLUSH);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    LOG.info(
        "event=recorder_closed flushed={} waiting={}", flushed, appended.get() - carriedOver.get());
    if (!thread.isAlive()) {
      journal.close();
    }
  }
}
