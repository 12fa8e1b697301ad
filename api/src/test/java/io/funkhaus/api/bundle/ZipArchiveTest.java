package io.funkhaus.api.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funkhaus.api.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZipArchiveTest {
  private static final byte[] MEGABYTE_OF_NOTHING = new byte[1024 * 1024];

  @TempDir private Path folder;

  @Test
  void files_come_out_as_they_went_in() throws Exception {
    ZipBytes zip = new ZipBytes();
    zip.add("index.js", "exports.handler = 1");
    zip.add("lib/", "").mode(0040755);
    zip.add("lib/grüße 1.txt", "hällo");
    zip.add("bootstrap", "#!/bin/sh\n").mode(0100755);
    zip.add("stored.bin", "as it is").method(0).packed("as it is".getBytes(StandardCharsets.UTF_8));
    zip.add("empty", "");

    try (Bundle bundle = read(zip)) {
      assertThat(contents(bundle))
          .containsExactlyInAnyOrderEntriesOf(
              Map.of(
                  "index.js", "exports.handler = 1",
                  "lib/grüße 1.txt", "hällo",
                  "bootstrap", "#!/bin/sh\n",
                  "stored.bin", "as it is",
                  "empty", ""));
      assertThat(bundle.manifest().find(new FilePath("bootstrap")).orElseThrow().executable())
          .isTrue();
      assertThat(bundle.manifest().find(new FilePath("index.js")).orElseThrow().executable())
          .isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../evil",
        "a/../../evil",
        "a/..",
        "/etc/passwd",
        "a\\..\\evil",
        "C:/evil",
        "c:evil",
        "a//b",
        "./a",
        "a/./b",
        "a\0.js",
        "a\nb",
        "\u202Egnp.js",
        ""
      })
  void names_that_could_lead_elsewhere_are_refused(String name) {
    ZipBytes zip = new ZipBytes();
    zip.add(name, "x");
    refused(zip, "the path");
  }

  @Test
  void names_are_bounded() {
    ZipBytes longPart = new ZipBytes();
    longPart.add("a".repeat(256), "x");
    refused(longPart, "longer than 255 bytes");
    ZipBytes deep = new ZipBytes();
    deep.add("a/".repeat(32) + "x", "x");
    refused(deep, "deeper than 32");
    ZipBytes longPath = new ZipBytes();
    longPath.add(("a".repeat(200) + "/").repeat(6) + "x", "x");
    refused(longPath, "longer than 1024 bytes");
    ZipBytes notText = new ZipBytes();
    notText.add("x", "x").name(new byte[] {(byte) 0xff, (byte) 0xfe});
    refused(notText, "not UTF-8");
  }

  @ParameterizedTest
  @ValueSource(ints = {0120777, 0020644, 0060644, 0010644, 0140644})
  void links_devices_pipes_and_sockets_are_refused(int mode) {
    ZipBytes zip = new ZipBytes();
    zip.add("link", "/etc/passwd").mode(mode);
    refused(zip, "only files and folders");
  }

  static Stream<Arguments> clashes() {
    return Stream.of(
        Arguments.of(List.of("a.js", "a.js"), "twice"),
        Arguments.of(List.of("a.js", "A.js"), "same file"),
        Arguments.of(List.of("stra\u00dfe", "STRASSE"), "same file"),
        Arguments.of(List.of("caf\u00e9", "cafe\u0301"), "same file"),
        Arguments.of(List.of("lib/a", "Lib/b"), "same file"),
        Arguments.of(List.of("lib", "lib/a"), "both a file and a folder"),
        Arguments.of(List.of("lib/a", "LIB"), "both a file and a folder"));
  }

  @ParameterizedTest
  @MethodSource("clashes")
  void two_entries_at_one_place_are_refused(List<String> names, String reason) {
    ZipBytes zip = new ZipBytes();
    names.forEach(name -> zip.add(name, "x"));
    refused(zip, reason);
  }

  static Stream<Arguments> lies() {
    return Stream.of(
        lie(
            "shorter than it is",
            entry -> entry.size(2),
            "longer than the archive's directory says"),
        lie("longer than it is", entry -> entry.size(2000), "damaged"),
        lie("checksum", entry -> entry.crc32(1), "damaged"),
        lie("four gigabytes", entry -> entry.size(0xFFFFFFFFL), "is 4294967295 bytes"),
        lie(
            "zip64",
            entry -> entry.size(0xFFFFFFFFL).packedSize(0xFFFFFFFFL),
            "is 4294967295 bytes"),
        lie("packed size", entry -> entry.packedSize(100_000), "outside of the archive"),
        lie("offset", entry -> entry.offset(100_000), "outside of the archive"),
        lie("offset of something else", entry -> entry.offset(3), "differ"),
        lie("two names", entry -> entry.localName("b.js"), "differ"),
        lie("encrypted", entry -> entry.flags(1), "encrypted"),
        lie("strongly encrypted", entry -> entry.flags(1 | 1 << 6), "encrypted"),
        lie("bzip2", entry -> entry.method(12), "method 12"),
        lie("not deflated", entry -> entry.packed(new byte[] {1, 2, 3}), "damaged"),
        lie("stored, with two sizes", entry -> entry.method(0).size(3), "outside of the archive"));
  }

  private static Arguments lie(String name, Consumer<ZipBytes.Entry> lie, String reason) {
    return Arguments.of(name, lie, reason);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lies")
  void archives_that_lie_are_refused(String name, Consumer<ZipBytes.Entry> lie, String reason) {
    ZipBytes zip = new ZipBytes();
    lie.accept(zip.add("a.js", "exports.handler = async () => 1;"));
    refused(zip, reason);
  }

  @Test
  void a_folder_with_content_is_refused() {
    ZipBytes zip = new ZipBytes();
    zip.add("folder/", "content").mode(0040755);
    refused(zip, "has content");
  }

  @Test
  void entries_that_share_their_content_are_refused() {
    ZipBytes zip = new ZipBytes();
    zip.add("a", MEGABYTE_OF_NOTHING);
    zip.add("a", MEGABYTE_OF_NOTHING).offset(0);
    refused(zip, "overlap");
  }

  @Test
  void a_bomb_is_refused_before_it_goes_off() {
    ZipBytes zip = new ZipBytes();
    zip.add("bomb", new byte[20 * 1024 * 1024]);
    refused(zip, "100 times");
  }

  @Test
  void many_small_bombs_are_one_bomb() {
    ZipBytes zip = new ZipBytes();
    byte[] justUnder = new byte[1000 * 1024];
    for (int i = 0; i < 300; i++) {
      zip.add("bomb" + i, justUnder);
    }
    refused(zip, "unpacked it is more than 262144000 bytes");
  }

  @Test
  void a_small_file_of_one_character_is_no_bomb() throws Exception {
    ZipBytes zip = new ZipBytes();
    zip.add("zeros", new byte[500 * 1024]);
    try (Bundle bundle = read(zip)) {
      assertThat(bundle.manifest().sizeBytes()).isEqualTo(500 * 1024);
    }
  }

  @Test
  void the_number_of_entries_is_bounded() {
    ZipBytes zip = new ZipBytes();
    for (int i = 0; i < 10_001; i++) {
      zip.add("f" + i, "");
    }
    refused(zip, "10001 entries");
  }

  @Test
  void an_archive_with_fewer_entries_than_it_says_is_refused() {
    ZipBytes zip = new ZipBytes();
    zip.add("a", "x");
    assertThatThrownBy(() -> ZipArchive.read(ByteBuffer.wrap(zip.bytes(2)), 1, () -> {}))
        .hasMessageContaining("damaged at entry 2");
  }

  @Test
  void what_is_not_an_archive_is_refused() {
    for (byte[] bytes :
        List.of(
            new byte[0], new byte[21], new byte[22], "hello".getBytes(StandardCharsets.UTF_8))) {
      assertThatThrownBy(() -> ZipArchive.read(ByteBuffer.wrap(bytes), bytes.length, () -> {}))
          .isInstanceOf(ProblemException.class)
          .hasMessageContaining("not a zip archive");
    }
    assertThatThrownBy(() -> read(new ZipBytes())).hasMessageContaining("no file");
  }

  @Test
  void an_archive_cut_off_anywhere_is_refused() {
    ZipBytes zip = new ZipBytes();
    zip.add("index.js", "exports.handler = async () => 1;");
    zip.add("lib/a.js", "a");
    byte[] whole = zip.bytes();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> ZipArchive.read(ByteBuffer.wrap(cut), cut.length, () -> {}))
          .isInstanceOf(ProblemException.class);
    }
  }

  @Test
  void an_upload_beyond_the_limit_stops_being_read() {
    InputStream endless =
        new InputStream() {
          private long given;

          @Override
          public int read() {
            return 0;
          }

          @Override
          public int read(byte[] buffer, int offset, int length) {
            given += length;
            if (given > 60L * 1024 * 1024) {
              throw new IllegalStateException("read on after the limit");
            }
            return length;
          }
        };
    assertThatThrownBy(() -> ZipArchive.receive(endless, folder.resolve("upload")))
        .isInstanceOfSatisfying(
            ProblemException.class, e -> assertThat(e.status().value()).isEqualTo(413));
  }

  /** For any bytes: refused with a reason, or files inside of the root within the limits. */
  @Test
  void damaged_archives_never_write_outside_of_their_root() throws Exception {
    long seed = Long.getLong("funkhaus.seed", new Random().nextLong());
    System.out.println("damaged_archives seed=" + seed);
    Random random = new Random(seed);
    int taken = 0;
    for (int round = 0; round < 1000; round++) {
      byte[] bytes = randomArchive(random).bytes();
      for (int flips = random.nextInt(4); flips > 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      taken += takenSafely(bytes, round) ? 1 : 0;
    }
    assertThat(taken).as("archives taken with seed " + seed).isBetween(20, 980);
  }

  private boolean takenSafely(byte[] bytes, int round) throws IOException {
    Path around = folder.resolve("round" + round);
    Path root = around.resolve("bundle");
    Files.createDirectories(around);
    try (Bundle bundle = ZipArchive.read(ByteBuffer.wrap(bytes), bytes.length, () -> {})) {
      BundleTree.write(bundle, root);
      try (Stream<Path> written = Files.walk(around)) {
        assertThat(written.filter(Files::isRegularFile).toList())
            .hasSameSizeAs(bundle.files())
            .allMatch(path -> path.startsWith(root));
      }
      return true;
    } catch (ProblemException refused) {
      assertThat(refused.status().is4xxClientError()).isTrue();
      return false;
    } finally {
      BundleTree.delete(around);
    }
  }

  private static ZipBytes randomArchive(Random random) {
    String[] parts = {"a", "b", "lib", "A", "..", "index.js", "é", ".", "x y"};
    ZipBytes zip = new ZipBytes();
    for (int i = random.nextInt(5) + 1; i > 0; i--) {
      StringBuilder name = new StringBuilder(parts[random.nextInt(parts.length)]);
      for (int depth = random.nextInt(3); depth > 0; depth--) {
        name.append('/').append(parts[random.nextInt(parts.length)]);
      }
      byte[] content = new byte[random.nextInt(2000)];
      random.nextBytes(content);
      zip.add(name.toString(), content);
    }
    return zip;
  }

  @Test
  void an_archive_depends_on_nothing_but_its_files() throws Exception {
    Bundle one = Bundle.of(List.of(file("b", "2", false), file("a", "1", true)));
    Bundle other = Bundle.of(List.of(file("a", "1", true), file("b", "2", false)));
    ZipArchive.write(one, folder.resolve("one"));
    ZipArchive.write(other, folder.resolve("other"));

    assertThat(folder.resolve("one")).hasSameBinaryContentAs(folder.resolve("other"));
    try (Bundle again = ZipArchive.read(folder.resolve("one"))) {
      assertThat(again.manifest()).isEqualTo(one.manifest());
    }
  }

  static BundleFile file(String path, String content, boolean executable) {
    return BundleFile.of(new FilePath(path), executable, content.getBytes(StandardCharsets.UTF_8));
  }

  private static Bundle read(ZipBytes zip) throws IOException {
    byte[] bytes = zip.bytes();
    return ZipArchive.read(ByteBuffer.wrap(bytes), bytes.length, () -> {});
  }

  private static void refused(ZipBytes zip, String reason) {
    assertThatThrownBy(() -> read(zip))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining(reason);
  }

  private static Map<String, String> contents(Bundle bundle) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    for (BundleFile file : bundle.files()) {
      try (InputStream content = file.content().open()) {
        contents.put(
            file.path().value(), new String(content.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return contents;
  }
}
