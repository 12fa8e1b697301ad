package io.funkhaus.api.recording;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of one journal: what they are called, how they are made, and what an earlier run left.
 * {@link Journal} opens it before anything else and closes it last. It has no state that changes,
 * so any thread may ask it.
 *
 * <pre>
 *   lock                      held while the directory is open
 *   id                        names the journal in the database
 *   0000000000000001.segment  and so on, rising
 *   spare                     the next segment, made ahead; holds no records
 *   under-way                 invocations that have not ended: {@link UnderWayFile}
 * </pre>
 *
 * What must not be broken: between {@link #open} and {@link #close} no other process uses the
 * directory.
 */
final class JournalDirectory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JournalDirectory.class);
  private static final Pattern SEGMENT_NAME = Pattern.compile("([0-9]{16})\\.segment");

  private final Path path;
  private final FileChannel lockFile;
  private final UUID id;

  private JournalDirectory(Path path, FileChannel lockFile, UUID id) {
    this.path = path;
    this.lockFile = lockFile;
    this.id = id;
  }

  /**
   * Opens the directory of a journal, or makes one.
   *
   * @throws IOException when it cannot be used, or another process uses it
   */
  static JournalDirectory open(Path path) throws IOException {
    Files.createDirectories(path);
    FileChannel lockFile =
        FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      lock(path, lockFile);
      return new JournalDirectory(path, lockFile, identify(path));
    } catch (IOException | RuntimeException e) {
      lockFile.close();
      throw e;
    }
  }

  private static void lock(Path path, FileChannel lockFile) throws IOException {
    FileLock held;
    try {
      held = lockFile.tryLock();
    } catch (OverlappingFileLockException e) {
      held = null;
    }
    if (held == null) {
      throw new IOException(
          "the journal in "
              + path
              + " is in use by another process; give each instance a data directory of its own");
    }
  }

  private static UUID identify(Path path) throws IOException {
    Path file = path.resolve("id");
    if (Files.exists(file)) {
      String text = Files.readString(file).strip();
      try {
        return UUID.fromString(text);
      } catch (IllegalArgumentException e) {
        LOG.warn("event=journal_id_replaced file={} value={}", file, text);
      }
    }
    UUID id = UUID.randomUUID();
    Path made = path.resolve("id.new");
    Files.writeString(made, id + "\n");
    Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return id;
  }

  Path path() {
    return path;
  }

  /** Made with the directory; stays with it. */
  UUID id() {
    return id;
  }

  /** The segments that an earlier run left, by number; its spare is deleted. */
  List<JournalSegment> openSegments() throws IOException {
    Files.deleteIfExists(spareFile());
    List<JournalSegment> segments = new ArrayList<>();
    for (Path file : segmentFiles()) {
      try {
        segments.add(JournalSegment.open(file, numberOf(file)));
      } catch (JournalSegment.NotReady e) {
        LOG.warn(
            "event=journal_segment_discarded file={} reason={}",
            file.getFileName(),
            e.getMessage());
        Files.delete(file);
      }
    }
    return segments;
  }

  private List<Path> segmentFiles() throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files
          .filter(file -> SEGMENT_NAME.matcher(file.getFileName().toString()).matches())
          .sorted()
          .toList();
    }
  }

  private static long numberOf(Path file) {
    Matcher matcher = SEGMENT_NAME.matcher(file.getFileName().toString());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(file + " is not a journal segment");
    }
    return Long.parseLong(matcher.group(1));
  }

  /** A new, empty segment; fails when the disk is full. */
  JournalSegment createSegment(long number, int bytes) throws IOException {
    return JournalSegment.create(segmentFile(number), number, bytes);
  }

  /** A new segment that has no number yet; fails when the disk is full. */
  JournalSegment createSpare(int bytes) throws IOException {
    Files.deleteIfExists(spareFile());
    return JournalSegment.create(spareFile(), 0, bytes);
  }

  Path segmentFile(long number) {
    return path.resolve("%016d.segment".formatted(number));
  }

  Path spareFile() {
    return path.resolve("spare");
  }

  Path underWayFile() {
    return path.resolve("under-way");
  }

  /** Lets another process use the directory. */
  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
