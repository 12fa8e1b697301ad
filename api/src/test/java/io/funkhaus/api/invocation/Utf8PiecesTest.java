package io.funkhaus.api.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.api.recording.StoredText;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8PiecesTest {

  @Test
  void any_bytes_cut_anywhere_give_the_text_of_the_whole() {
    long seed = new Random().nextLong();
    System.out.println("Utf8PiecesTest seed " + seed);
    Random random = new Random(seed);
    byte[] alphabet = "aé€😀\0\n".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    for (int round = 0; round < 2_000; round++) {
      byte[] bytes = new byte[random.nextInt(60)];
      random.nextBytes(bytes);
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = random.nextInt(5) > 0 ? alphabet[random.nextInt(alphabet.length)] : bytes[i];
      }
      Utf8Pieces pieces = new Utf8Pieces();
      StringBuilder text = new StringBuilder();
      for (int from = 0; from < bytes.length; ) {
        int to = Math.min(bytes.length, from + 1 + random.nextInt(5));
        text.append(pieces.next(Arrays.copyOfRange(bytes, from, to)));
        from = to;
      }
      text.append(pieces.end());

      assertThat(text.toString()).isEqualTo(StoredText.of(bytes));
    }
  }
}
