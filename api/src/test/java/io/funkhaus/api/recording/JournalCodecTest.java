package io.funkhaus.api.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funkhaus.api.caller.TenantId;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JournalCodecTest {

  @Test
  void a_random_record_is_the_same_after_the_journal() {
    long seed = new Random().nextLong();
    System.out.println("JournalCodecTest seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      InvocationRecord before = TestRecords.random(random);
      // Halves of surrogate pairs become '?' in UTF-8: compare what was encoded, twice.
      byte[] encoded = bytes(JournalCodec.encode(before));
      JournalEntry decoded = JournalCodec.decode(encoded);

      assertThat(decoded).isInstanceOf(JournalEntry.Ended.class);
      InvocationRecord after = ((JournalEntry.Ended) decoded).invocation();
      assertThat(bytes(JournalCodec.encode(after))).isEqualTo(encoded);
      assertThat(after.requestId()).isEqualTo(before.requestId());
      assertThat(after.target()).isEqualTo(before.target());
      assertThat(after.measures()).isEqualTo(before.measures());
      assertThat(after.startedAt()).isEqualTo(before.startedAt());
      assertThat(after.log().bytes()).isEqualTo(before.log().bytes());
      assertThat(after.payload().length()).isEqualTo(before.payload().length());
    }
  }

  @Test
  void only_the_head_of_a_large_payload_is_kept() {
    byte[] large = new byte[200_000];
    Arrays.fill(large, (byte) 'x');
    InvocationRecord plain = TestRecords.plain();
    InvocationRecord record =
        new InvocationRecord(
            plain.requestId(),
            plain.tenant(),
            plain.target(),
            plain.trigger(),
            plain.key(),
            plain.status(),
            plain.error(),
            plain.startedAt(),
            plain.measures(),
            InvocationRecord.Content.of(large),
            InvocationRecord.Content.of(large),
            plain.log(),
            1);

    byte[] encoded = bytes(JournalCodec.encode(record));

    assertThat(encoded.length).isLessThan(2 * InvocationRecord.KEPT_BYTES + 1_000);
    InvocationRecord after = ((JournalEntry.Ended) JournalCodec.decode(encoded)).invocation();
    assertThat(after.payload().length()).isEqualTo(200_000);
    assertThat(after.payload().bytes()).hasSize(InvocationRecord.KEPT_BYTES);
  }

  @Test
  void a_count_of_refusals_is_the_same_after_the_journal() {
    RefusedCount count =
        new RefusedCount(new TenantId(7), "hello", "$LATEST", TestRecords.NOON, 12_345);

    assertThat(JournalCodec.decode(bytes(JournalCodec.encode(count))))
        .isEqualTo(new JournalEntry.Refused(count));
  }

  @Test
  void a_kind_of_a_newer_service_is_refused_by_its_number() {
    assertThatThrownBy(() -> JournalCodec.decode(new byte[] {99}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("kind 99");
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
