package io.funkhaus.api.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final Journal.Limits SMALL = new Journal.Limits(4_096, 1 << 20);

  @TempDir Path directory;

  @Test
  void records_are_read_in_the_order_in_which_they_were_appended() throws IOException {
    try (Journal journal = Journal.open(directory, SMALL)) {
      append(journal, "one", "two", "three");

      assertThat(readAll(journal)).containsExactly("one", "two", "three");
    }
  }

  @Test
  void records_go_on_in_a_new_segment_when_one_is_full() throws IOException {
    try (Journal journal = Journal.open(directory, SMALL)) {
      List<String> written = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        written.add("record " + i);
      }
      append(journal, written.toArray(String[]::new));

      assertThat(journal.end().segment()).isGreaterThan(1);
      assertThat(readAll(journal)).isEqualTo(written);
    }
  }

  @Test
  void a_segment_that_cannot_be_opened_now_is_kept() throws IOException {
    Path unreadable = directory.resolve("0000000000000001.segment");
    Files.createDirectory(unreadable);

    assertThatThrownBy(() -> Journal.open(directory, SMALL)).isInstanceOf(IOException.class);
    assertThat(unreadable).exists();
  }

  @Test
  void a_file_of_another_format_is_kept() throws IOException {
    Path foreign = directory.resolve("0000000000000001.segment");
    Files.write(foreign, "FKJRNL99 and records".getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> Journal.open(directory, SMALL)).hasMessageContaining("move it away");
    assertThat(foreign).exists();
  }

  @Test
  void a_file_that_was_being_prepared_is_discarded() throws IOException {
    Path prepared = directory.resolve("0000000000000001.segment");
    Files.write(prepared, new byte[100]);

    try (Journal journal = Journal.open(directory, SMALL)) {
      append(journal, "one");
      assertThat(readAll(journal)).containsExactly("one");
    }
  }

  @Test
  void filled_segments_can_be_forced_to_the_disk_until_they_are_released() throws IOException {
    try (Journal journal = Journal.open(directory, SMALL)) {
      List<String> written = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        written.add("record " + i);
      }
      append(journal, written.toArray(String[]::new));

      journal.force();
      assertThat(readAll(journal)).isEqualTo(written);
      journal.release(journal.end());
      journal.force();
    }
  }

  @Test
  void what_an_earlier_run_left_is_read_after_it_was_not_closed() throws IOException {
    Journal killed = Journal.open(directory, SMALL);
    append(killed, "kept");
    Path copy = copyOf(directory);

    try (Journal journal = Journal.open(copy, SMALL)) {
      append(journal, "new");

      assertThat(journal.id()).isEqualTo(killed.id());
      assertThat(readAll(journal)).containsExactly("kept", "new");
    }
    killed.close();
  }

  @Test
  void a_tail_torn_at_any_byte_costs_only_the_last_record() throws IOException {
    int start;
    int end;
    try (Journal journal = Journal.open(directory, SMALL)) {
      append(journal, "first");
      start = journal.end().offset();
      append(journal, "the last record");
      end = journal.end().offset();
    }
    for (int cut = start; cut < end; cut++) {
      Path torn = copyOf(directory);
      zeroFrom(torn.resolve("0000000000000001.segment"), cut);
      try (Journal journal = Journal.open(torn, SMALL)) {
        append(journal, "later");

        List<String> read = readAll(journal);
        boolean onlyPaddingLost = end - cut <= 1;
        assertThat(read)
            .as("cut at %d of %d to %d", cut, start, end)
            .isEqualTo(
                onlyPaddingLost
                    ? List.of("first", "the last record", "later")
                    : List.of("first", "later"));
      }
    }
  }

  @Test
  void a_flipped_byte_is_noticed_and_later_segments_are_still_read() throws IOException {
    long seed = new Random().nextLong();
    System.out.println("JournalTest seed " + seed);
    Random random = new Random(seed);
    int start;
    int end;
    try (Journal journal = Journal.open(directory, SMALL)) {
      append(journal, "first");
      start = journal.end().offset();
      append(journal, "the second one.");
      end = journal.end().offset();
    }
    for (int i = 0; i < 50; i++) {
      Path damaged = copyOf(directory);
      // The very last byte is padding and means nothing.
      int at = start + random.nextInt(end - start - 1);
      flip(damaged.resolve("0000000000000001.segment"), at);
      try (Journal journal = Journal.open(damaged, SMALL)) {
        append(journal, "later");

        assertThat(readAll(journal)).as("byte %d", at).containsExactly("first", "later");
      }
    }
  }

  @Test
  void random_appends_crashes_and_releases_lose_and_repeat_nothing() throws IOException {
    long seed = new Random().nextLong();
    System.out.println("JournalTest seed " + seed);
    Random random = new Random(seed);
    List<String> written = new ArrayList<>();
    List<String> read = new ArrayList<>();
    JournalPosition position = JournalPosition.START;
    Path current = directory;
    for (int run = 0; run < 20; run++) {
      Journal journal = Journal.open(current, SMALL);
      for (int step = random.nextInt(60); step > 0; step--) {
        if (random.nextInt(4) > 0) {
          String record = run + "-" + step + "x".repeat(random.nextInt(900));
          append(journal, record);
          written.add(record);
          continue;
        }
        Journal.Batch batch = journal.read(position, 1 + random.nextInt(20), 10_000);
        batch.records().forEach(record -> read.add(text(record)));
        position = batch.end();
        journal.release(position);
        journal.prepare();
      }
      // As a killed service leaves it: nothing is closed before the copy is made.
      current = copyOf(current);
      journal.close();
    }
    try (Journal journal = Journal.open(current, SMALL)) {
      readFrom(journal, position).forEach(read::add);
      assertThat(journal.tornSegments()).isZero();
    }
    assertThat(read).isEqualTo(written);
  }

  @Test
  void released_segments_are_used_again_and_show_nothing_of_what_was_in_them() throws IOException {
    try (Journal journal = Journal.open(directory, SMALL)) {
      JournalPosition position = JournalPosition.START;
      for (int i = 0; i < 400; i++) {
        append(journal, "old record number " + i);
        position = journal.read(position, 1_000, 1 << 20).end();
        journal.release(position);
      }
      append(journal, "new");

      assertThat(readFrom(journal, position)).containsExactly("new");
      assertThat(files("segment")).hasSize(1);
    }
  }

  @Test
  void the_limit_refuses_and_says_how_to_go_on_until_segments_are_released() throws IOException {
    try (Journal journal = Journal.open(directory, new Journal.Limits(4_096, 3 * 4_096))) {
      while (journal.refusal().isEmpty()) {
        append(journal, "x".repeat(1_000));
      }
      assertThat(journal.refusal().orElseThrow())
          .contains("12288 bytes")
          .contains("PostgreSQL answers again");

      journal.release(journal.read(JournalPosition.START, 1_000, 1 << 20).end());

      assertThat(journal.refusal()).isEmpty();
    }
  }

  @Test
  void a_journal_that_cannot_grow_refuses_before_it_is_full_and_names_the_disk()
      throws IOException {
    try (Journal journal = Journal.open(directory, SMALL)) {
      append(journal, "x".repeat(2_500));
      // A directory where the next file should be: it cannot be made, as on a full disk.
      Files.createDirectories(directory.resolve("spare").resolve("occupied"));

      journal.prepare();

      assertThat(journal.refusal().orElseThrow())
          .contains("cannot grow")
          .contains(directory.toString())
          .contains("free space");
    }
  }

  @Test
  void two_processes_never_share_a_journal() throws IOException {
    try (Journal journal = Journal.open(directory, SMALL)) {
      assertThat(journal.bytesOnDisk()).isEqualTo(4_096);
      assertThatThrownBy(() -> Journal.open(directory, SMALL))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("in use by another process");
    }
  }

  private static void append(Journal journal, String... records) throws IOException {
    for (String record : records) {
      byte[] bytes = record.getBytes(StandardCharsets.UTF_8);
      journal.append(ByteBuffer.wrap(bytes));
    }
  }

  private static List<String> readAll(Journal journal) throws IOException {
    return readFrom(journal, JournalPosition.START);
  }

  private static List<String> readFrom(Journal journal, JournalPosition start) throws IOException {
    List<String> read = new ArrayList<>();
    JournalPosition position = start;
    while (true) {
      Journal.Batch batch = journal.read(position, 7, 1 << 20);
      if (batch.end().equals(position)) {
        return read;
      }
      batch.records().forEach(record -> read.add(text(record)));
      position = batch.end();
    }
  }

  private static String text(byte[] record) {
    return new String(record, StandardCharsets.UTF_8);
  }

  private List<Path> files(String ending) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(ending)).toList();
    }
  }

  private static Path copyOf(Path journal) throws IOException {
    Path copy = Files.createTempDirectory(journal, "copy");
    try (Stream<Path> files = Files.list(journal)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return copy;
  }

  private static void zeroFrom(Path file, int offset) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(offset);
      bytes.write(new byte[Math.toIntExact(bytes.length() - offset)]);
    }
  }

  private static void flip(Path file, int offset) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(offset);
      int old = bytes.read();
      bytes.seek(offset);
      bytes.write(old ^ 0x40);
    }
  }
}
