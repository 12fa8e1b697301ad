package io.funkhaus.api.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funkhaus.api.caller.AccountId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleCacheTest {
  private static final AccountId ALICE = new AccountId("100000000001");
  private static final AccountId BOB = new AccountId("100000000002");

  @TempDir private Path temporary;

  private final Map<BundleAddress, Bundle> stored = new ConcurrentHashMap<>();
  private final AtomicInteger fetched = new AtomicInteger();
  private Instant now = Instant.parse("2026-11-21T10:00:00Z");
  private Path root;
  private BundleCache cache;

  @BeforeEach
  void open() throws IOException {
    root = temporary.resolve("bundles");
    cache = opened(10_000);
  }

  @AfterEach
  void deleteWhatIsReadOnly() throws IOException {
    BundleTree.delete(root);
  }

  private BundleCache opened(long maxBytes) throws IOException {
    BundleCache made = new BundleCache(new BundleDirectory(root, maxBytes), this::fetch, () -> now);
    made.open();
    return made;
  }

  private Manifest fetch(AccountId account, BundleAddress address, Path file) throws IOException {
    fetched.incrementAndGet();
    Bundle bundle = stored.get(address);
    if (bundle == null) {
      throw new IOException("there is no such bundle");
    }
    ZipArchive.write(bundle, file);
    return bundle.manifest();
  }

  @Test
  void an_extracted_bundle_can_be_read_and_not_changed() throws Exception {
    BundleAddress address = store("lib/run.sh", "#!/bin/sh", true);

    Path directory = cache.directory(ALICE, address);

    assertThat(directory).isEqualTo(root.resolve("100000000001").resolve(address.sha256()));
    Path file = directory.resolve("lib/run.sh");
    assertThat(file).hasContent("#!/bin/sh");
    assertThat(mode(file)).isEqualTo("r-xr-xr-x");
    assertThat(mode(directory)).isEqualTo("r-xr-xr-x");
    assertThat(mode(directory.resolve("lib"))).isEqualTo("r-xr-xr-x");
  }

  @Test
  void tenants_with_the_same_code_have_files_of_their_own() throws Exception {
    BundleAddress address = store("a.js", "1", false);

    Path alices = cache.directory(ALICE, address).resolve("a.js");
    Path bobs = cache.directory(BOB, address).resolve("a.js");

    assertThat(Files.getAttribute(alices, "unix:ino"))
        .isNotEqualTo(Files.getAttribute(bobs, "unix:ino"));
  }

  @Test
  void many_who_want_one_bundle_wait_for_one_extraction() throws Exception {
    BundleAddress address = store("a.js", "1", false);
    CountDownLatch go = new CountDownLatch(1);
    List<Future<Path>> paths = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 50; i++) {
        paths.add(
            threads.submit(() -> {
              go.await();
              return cache.directory(ALICE, address);
            }));
      }
      go.countDown();
      for (Future<Path> path : paths) {
        assertThat(path.get().resolve("a.js")).hasContent("1");
      }
    }
    assertThat(fetched).hasValue(1);
  }

  @Test
  void a_bundle_that_is_not_what_its_address_says_is_not_served() {
    Bundle tampered = bundle("a.js", "tampered", false);
    BundleAddress address = bundle("a.js", "right", false).address();
    stored.put(address, tampered);

    assertThatThrownBy(() -> cache.directory(ALICE, address))
        .hasMessageContaining("not what its address says");
    assertThat(root.resolve(ALICE.value())).doesNotExist();
  }

  @Test
  void a_failure_is_tried_again_by_the_next_who_asks() throws Exception {
    BundleAddress address = bundle("a.js", "1", false).address();
    assertThatThrownBy(() -> cache.directory(ALICE, address)).isInstanceOf(IOException.class);

    store("a.js", "1", false);

    assertThat(cache.directory(ALICE, address)).isDirectory();
  }

  @Test
  void what_was_not_used_for_longest_goes_first_and_never_what_is_in_use() throws Exception {
    List<BundleAddress> bundles = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      bundles.add(store("a.js", i + "x".repeat(4_000), false));
      cache.directory(ALICE, bundles.get(i));
      now = now.plusSeconds(1);
    }
    assertThat(extracted()).as("all are in use").hasSize(3);

    now = now.plus(BundleCache.IN_USE);
    cache.directory(ALICE, bundles.get(0));
    cache.evict();

    assertThat(extracted())
        .containsExactlyInAnyOrder(bundles.get(0).sha256(), bundles.get(2).sha256());
    assertThat(cache.directory(ALICE, bundles.get(1)).resolve("a.js")).exists();
  }

  @Test
  void a_restart_keeps_what_is_complete_and_removes_what_is_not() throws Exception {
    BundleAddress address = store("a.js", "1", false);
    cache.directory(ALICE, address);
    Files.createDirectories(root.resolve(".incoming/half-done/lib"));

    BundleCache after = opened(10_000);

    assertThat(root.resolve(".incoming")).isEmptyDirectory();
    after.directory(ALICE, address);
    assertThat(fetched).hasValue(1);
  }

  @Test
  void what_an_earlier_run_left_counts_from_when_it_is_measured() throws Exception {
    cache.directory(ALICE, store("a.js", "1".repeat(4_000), false));
    cache.directory(ALICE, store("a.js", "2".repeat(4_000), false));
    BundleCache after = opened(6_000);
    now = now.plus(Duration.ofDays(10_000)); // files have the time of the machine

    after.evict();
    assertThat(extracted()).hasSize(2);

    after.measure();
    after.evict();
    assertThat(extracted()).hasSize(1);
  }

  private BundleAddress store(String path, String content, boolean executable) {
    Bundle bundle = bundle(path, content, executable);
    stored.put(bundle.address(), bundle);
    return bundle.address();
  }

  private static Bundle bundle(String path, String content, boolean executable) {
    return Bundle.of(List.of(ZipArchiveTest.file(path, content, executable)));
  }

  private List<String> extracted() throws IOException {
    try (Stream<Path> directories = Files.list(root.resolve(ALICE.value()))) {
      return directories.map(path -> path.getFileName().toString()).toList();
    }
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
