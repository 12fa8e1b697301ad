package io.funkhaus.api.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.api.caller.Actor;
import io.funkhaus.api.caller.KeyId;
import io.funkhaus.api.caller.TenantId;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnderWayFileTest {
  private static final int SLOTS = 3;
  private static final Instant START = Instant.parse("2026-11-21T12:00:00.123456789Z");

  private static final Instant SIGN = Instant.parse("2026-11-21T12:00:07.123456Z");

  @TempDir Path directory;

  @Test
  void what_is_under_way_is_read_as_interrupted_and_what_has_ended_is_not() throws IOException {
    UnderWayFile underWay = create(SLOTS);
    InvocationStart longest =
        start(
            "f".repeat(64),
            "9".repeat(10),
            "a".repeat(128),
            Optional.of(new Actor.Key(new KeyId("abcdefghijkl"), "\ud83d\ude00".repeat(64))));
    InvocationStart plain = plain();
    int ended = underWay.put(plain());
    underWay.put(longest);
    underWay.put(plain);
    underWay.signOfLife(SIGN);
    underWay.remove(ended);

    List<InvocationRecord> found = UnderWayFile.interrupted(file());

    assertThat(found)
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("payload", "result", "log")
        .containsExactlyInAnyOrder(longest.interrupted(SIGN), plain.interrupted(SIGN));
    assertThat(found)
        .allSatisfy(record -> {
          assertThat(record.status()).isEqualTo(InvocationStatus.INTERRUPTED);
          assertThat(record.measures().runMicros()).isEqualTo(6_999_999);
          assertThat(record.payload().length()).isEqualTo(15);
        });
  }

  @Test
  void without_a_sign_of_life_it_counts_as_not_having_run() throws IOException {
    create(SLOTS).put(plain());

    assertThat(UnderWayFile.interrupted(file()).getFirst().measures())
        .isEqualTo(InvocationRecord.Measures.NONE);
  }

  @Test
  void a_mark_older_than_any_invocation_says_nothing_about_how_long_it_ran() throws IOException {
    UnderWayFile underWay = create(SLOTS);
    underWay.put(plain());
    underWay.signOfLife(START.plusSeconds(3 * 86_400));

    assertThat(UnderWayFile.interrupted(file()).getFirst().measures())
        .isEqualTo(InvocationRecord.Measures.NONE);
  }

  @Test
  void a_slot_that_is_torn_is_left_out_and_its_neighbours_are_read() throws IOException {
    UnderWayFile underWay = create(SLOTS);
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < SLOTS; i++) {
      InvocationStart start = plain();
      assertThat(underWay.put(start)).isEqualTo(i);
      ids.add(start.requestId());
    }
    for (int offset = 4; offset < 52; offset++) {
      flip(UnderWayFile.HEADER_BYTES + UnderWayFile.SLOT_BYTES + offset);

      assertThat(UnderWayFile.interrupted(file()))
          .as("byte %d is another", offset)
          .extracting(InvocationRecord::requestId)
          .containsExactly(ids.get(0), ids.get(2));
      flip(UnderWayFile.HEADER_BYTES + UnderWayFile.SLOT_BYTES + offset);
    }
    assertThat(UnderWayFile.interrupted(file())).hasSize(SLOTS);
  }

  @Test
  void with_all_slots_taken_the_next_goes_unmarked_and_is_counted() throws IOException {
    UnderWayFile underWay = create(SLOTS);
    List<Integer> slots = new ArrayList<>();
    for (int i = 0; i < SLOTS + 2; i++) {
      slots.add(underWay.put(plain()));
    }
    assertThat(slots).containsExactly(0, 1, 2, FreeSlots.NONE, FreeSlots.NONE);
    assertThat(underWay.unmarked()).isEqualTo(2);
    assertThat(underWay.taken()).isEqualTo(SLOTS);

    slots.forEach(underWay::remove);

    assertThat(underWay.taken()).isZero();
    assertThat(UnderWayFile.interrupted(file())).isEmpty();
    assertThat(underWay.put(plain())).isEqualTo(2);
  }

  @Test
  void a_file_of_another_format_is_kept_aside_and_never_overwritten() throws IOException {
    for (String text : List.of("", "short", "another format of more than a header".repeat(100))) {
      Files.writeString(file(), text);

      assertThat(UnderWayFile.interrupted(file())).isEmpty();
      assertThat(create(SLOTS).taken()).isZero();
    }
    assertThat(directory.resolve("under-way.unknown-1")).hasContent("");
    assertThat(directory.resolve("under-way.unknown-2")).hasContent("short");
    assertThat(directory.resolve("under-way.unknown-3")).isNotEmptyFile();
  }

  @Test
  void who_was_held_up_while_it_took_a_slot_does_not_take_what_others_have_meanwhile() {
    FreeSlots free = new FreeSlots(4);
    int other = free.take();
    long seen = free.seen();
    long late = free.withoutFirst(seen);
    int first = free.take();
    int second = free.take();
    free.giveBack(other);
    free.giveBack(first);

    // As many are free as were seen, and the same is the first; but behind it comes another.
    assertThat(free.replace(seen, late)).isFalse();
    assertThat(List.of(free.take(), free.take(), free.take())).doesNotContain(second);
  }

  @Test
  void no_slot_is_given_to_two_at_once() throws Exception {
    int threads = 4;
    FreeSlots free = new FreeSlots(threads + 1);
    BitSet held = new BitSet();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> ends = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        ends.add(
            pool.submit(() -> {
              for (int i = 0; i < 50_000; i++) {
                int slot = free.take();
                setTo(held, slot, true);
                setTo(held, slot, false);
                free.giveBack(slot);
              }
            }));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    }
    assertThat(free.taken()).isZero();
    assertThat(held.isEmpty()).isTrue();
  }

  private static void setTo(BitSet held, int slot, boolean value) {
    synchronized (held) {
      assertThat(held.get(slot)).as("slot %d is held", slot).isNotEqualTo(value);
      held.set(slot, value);
    }
  }

  private static InvocationStart plain() {
    return start("hello", "$LATEST", null, Optional.empty());
  }

  private static InvocationStart start(
      String function, String version, @Nullable String alias, Optional<Actor.Key> key) {
    return new InvocationStart(
        UUID.randomUUID(),
        new TenantId(7),
        new InvocationRecord.Target(function, version, alias, 512),
        key.isPresent() ? Trigger.API : Trigger.CONSOLE,
        key,
        START,
        15,
        3);
  }

  private Path file() {
    return directory.resolve("under-way");
  }

  private UnderWayFile create(int slots) throws IOException {
    return UnderWayFile.create(file(), slots);
  }

  private void flip(int offset) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file().toFile(), "rw")) {
      bytes.seek(offset);
      int old = bytes.read();
      bytes.seek(offset);
      bytes.write(old ^ 0x40);
    }
  }
}
