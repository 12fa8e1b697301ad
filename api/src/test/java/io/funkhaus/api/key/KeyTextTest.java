package io.funkhaus.api.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyTextTest {

  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private final Random random = new Random(20261121);

  @Test
  void a_key_is_66_characters_in_four_parts() {
    String text = KeyText.generate(random).reveal();

    assertThat(text).matches("fk_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}").hasSize(66);
  }

  @Test
  void what_was_generated_reads_back_with_the_same_id_and_secret() {
    KeyText key = KeyText.generate(random);

    assertThat(KeyText.read(key.reveal()))
        .isInstanceOfSatisfying(
            KeyText.Reading.Intact.class,
            intact -> {
              assertThat(intact.key().id()).isEqualTo(key.id());
              assertThat(intact.key().secretSha256()).isEqualTo(key.secretSha256());
            });
  }

  @Test
  void any_one_wrong_character_is_a_typing_error() {
    String text = KeyText.generate(random).reveal();
    for (int i = 3; i < text.length(); i++) {
      if (text.charAt(i) == '_') {
        continue;
      }
      char wrong =
          ALPHABET.charAt((ALPHABET.indexOf(text.charAt(i)) + 1 + random.nextInt(61)) % 62);
      String mistyped = text.substring(0, i) + wrong + text.substring(i + 1);

      assertThat(KeyText.read(mistyped)).as(mistyped).isInstanceOf(KeyText.Reading.Mistyped.class);
    }
  }

  @Test
  void two_swapped_neighbours_are_a_typing_error() {
    String text = KeyText.generate(random).reveal();
    for (int i = 3; i + 1 < text.length(); i++) {
      char left = text.charAt(i);
      char right = text.charAt(i + 1);
      if (left == right || left == '_' || right == '_') {
        continue;
      }
      String swapped = text.substring(0, i) + right + left + text.substring(i + 2);

      assertThat(KeyText.read(swapped)).as(swapped).isInstanceOf(KeyText.Reading.Mistyped.class);
    }
  }

  @Test
  void what_has_not_the_form_of_a_key_is_malformed() {
    String text = KeyText.generate(random).reveal();

    for (String other :
        new String[] {
          "",
          "fk_",
          text.substring(1),
          text + "0",
          text.replaceFirst("fk_", "sk_"),
          text.replace('_', '-'),
          text.substring(0, 65) + "é",
          text.substring(0, 65) + " "
        }) {
      assertThat(KeyText.read(other)).as(other).isInstanceOf(KeyText.Reading.Malformed.class);
    }
  }

  @Test
  void keys_do_not_repeat_and_use_the_whole_alphabet() {
    Set<String> keys = new HashSet<>();
    Set<Integer> characters = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      String text = KeyText.generate(random).reveal();
      keys.add(text);
      text.substring(16, 59).chars().forEach(characters::add);
    }

    assertThat(keys).hasSize(1000);
    assertThat(characters).hasSize(62);
  }

  @Test
  void printing_a_key_shows_no_secret() {
    KeyText key = KeyText.generate(random);

    assertThat(key.toString()).isEqualTo("fk_" + key.id().value() + "_****");
  }

  @Test
  void the_checksum_is_the_crc_32_of_what_stands_before_it() {
    // CRC-32 of this text, computed with another program: python3 zlib.crc32, then base 62.
    String text = "fk_000000000000_" + "0".repeat(43);

    assertThat(KeyText.read(text + "_1oaD0a")).isInstanceOf(KeyText.Reading.Intact.class);
  }
}
