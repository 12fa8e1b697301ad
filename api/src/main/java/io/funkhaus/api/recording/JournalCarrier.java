package io.funkhaus.api.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries batches from the journal into the database: which batch is next, what is in doubt after a
 * failure, and what is put aside because the database refuses it. The recorder's thread calls
 * {@link #carryOver} once a round; the counters may be read from anywhere.
 *
 * <p>What must not be broken: a record leaves the journal only after the database, or a file of
 * rejected records, has it; and no batch is written twice.
 */
final class JournalCarrier {
  static final int BATCH_RECORDS = 2_000;

  private static final Logger LOG = LoggerFactory.getLogger(JournalCarrier.class);
  private static final int BATCH_BYTES = 8 << 20;

  private final Journal journal;
  private final RecordStore store;
  private final Progress progress;
  private final Path rejectedFiles;

  private final AtomicLong carriedOver = new AtomicLong();
  private final AtomicLong rejected = new AtomicLong();

  // Only the recorder's thread touches these.
  private int batchLimit = BATCH_RECORDS;
  private Journal.@Nullable Batch inDoubt;

  /**
   * @param rejectedFiles directory for records that the database refuses; made when needed
   */
  JournalCarrier(Journal journal, RecordStore store, Progress progress, Path rejectedFiles) {
    this.journal = journal;
    this.store = store;
    this.progress = progress;
    this.rejectedFiles = rejectedFiles;
  }

  /** Records of this run that the database has. */
  long carriedOver() {
    return carriedOver.get();
  }

  /** Records put aside because the database refused them as data. */
  long rejected() {
    return rejected.get();
  }

  /**
   * Carries over, batch after batch, what is in the journal now, or until everything stops. What
   * comes meanwhile is left to the next round: else a busy service would write a few records at a
   * time without end, and a batch costs as much as a thousand rows.
   *
   * @throws SQLException when the database fails: the next call asks it how far it came, and goes
   *     on from there
   * @throws IOException when the journal cannot be read, or a rejected record cannot be put aside
   */
  void carryOver() throws SQLException, IOException {
    JournalPosition goal = journal.end();
    JournalPosition from = start();
    boolean moved = true;
    while (moved && !progress.stopping()) {
      Journal.Batch batch = journal.read(from, batchLimit, BATCH_BYTES);
      if (!batch.records().isEmpty()) {
        writeOrForgetPosition(batch);
      }
      moved = batch.end().compareTo(from) > 0;
      from = moved ? batch.end() : from;
      advance(from, batch.own() ? batch.records().size() : 0);
      moved &= from.compareTo(goal) < 0;
    }
  }

  private JournalPosition start() throws SQLException {
    JournalPosition known = progress.reached();
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
      progress.forget();
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
    Path directory = Files.createDirectories(rejectedFiles);
    Path file =
        directory.resolve("%d-%d".formatted(batch.start().segment(), batch.start().offset()));
    Files.write(file, batch.records().getFirst());
    rejected.incrementAndGet();
    LOG.error("event=recorder_rejected file={} reason={}", file, reason.getMessage());
    store.write(journal.id(), List.of(), batch.end());
  }

  private void advance(JournalPosition to, int records) throws IOException {
    carriedOver.addAndGet(records);
    progress.advance(to);
    journal.release(to);
  }
}
