package io.funkhaus.api.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ManifestTest {
  private static final Bundle BUNDLE =
      Bundle.of(
          List.of(
              ZipArchiveTest.file("lib/a b.js", "b", false),
              ZipArchiveTest.file("bootstrap", "a", true)));

  /** Written out, because addresses are stored: changing the format would orphan them all. */
  @Test
  void its_text_and_its_address_never_change() {
    assertThat(BUNDLE.manifest().text())
        .isEqualTo(
            """
            funkhaus-bundle 1
            555 ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb 1 bootstrap
            444 3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d 1 lib/a b.js
            """);
    assertThat(BUNDLE.address().sha256())
        .isEqualTo("f6d600888a9353b8f904cd0c79885e7dab8b01fe216a7bbc1704bf7fbbb10c4d");
  }

  @Test
  void it_is_read_as_it_was_written() {
    assertThat(Manifest.parse(BUNDLE.manifest().text())).isEqualTo(BUNDLE.manifest());
  }

  @Test
  void content_path_and_executable_mark_each_make_another_bundle() {
    BundleAddress address = Bundle.of(List.of(ZipArchiveTest.file("a", "1", false))).address();
    assertThat(
            List.of(
                Bundle.of(List.of(ZipArchiveTest.file("a", "2", false))).address(),
                Bundle.of(List.of(ZipArchiveTest.file("b", "1", false))).address(),
                Bundle.of(List.of(ZipArchiveTest.file("a", "1", true))).address()))
        .doesNotContain(address)
        .doesNotHaveDuplicates();
  }
}
