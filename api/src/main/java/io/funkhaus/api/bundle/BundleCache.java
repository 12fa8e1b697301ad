package io.funkhaus.api.bundle;

import io.funkhaus.api.caller.AccountId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Extracted bundles on this host's disk, {@code <root>/<account>/<sha256>/}. A directory appears
 * under its name only when it is complete and verified, and is never written to again. Two who want
 * the same bundle wait for one extraction. What was used in the last minutes is never evicted: the
 * scheduler may be linking its files right now.
 */
final class BundleCache {
  private static final Logger LOG = LoggerFactory.getLogger(BundleCache.class);
  private static final String INCOMING = ".incoming";

  /** Longer than any sandbox takes from asking for a directory to having linked its files. */
  static final Duration IN_USE = Duration.ofMinutes(10);

  private static final long UNMEASURED = 0; // no bundle is empty

  private final BundleDirectory directory;
  private final Source source;
  private final InstantSource clock;
  private final Map<Key, FutureTask<Path>> extractions = new ConcurrentHashMap<>();
  private final Map<Key, Use> present = new ConcurrentHashMap<>();

  private record Key(AccountId account, BundleAddress address) {}

  private record Use(long bytes, Instant lastUse) {}

  /** Where the cache gets an archive and what it must consist of. */
  @FunctionalInterface
  interface Source {
    /** Writes the archive to the file and answers its manifest. */
    Manifest fetch(AccountId account, BundleAddress address, Path file) throws IOException;
  }

  BundleCache(BundleDirectory directory, Source source, InstantSource clock) {
    this.directory = directory;
    this.source = source;
    this.clock = clock;
  }

  /**
   * Removes what an earlier run left half done, and takes over what it left complete. How large
   * that is {@link #measure} finds out, because a start must not take longer the more was ever
   * called.
   */
  void open() throws IOException {
    Files.createDirectories(directory.root());
    BundleTree.delete(directory.root().resolve(INCOMING));
    Files.createDirectories(directory.root().resolve(INCOMING));
    try (Stream<Path> bundles =
        Files.find(directory.root(), 2, (path, info) -> info.isDirectory())) {
      for (Path path : bundles.toList()) {
        adopt(path);
      }
    }
  }

  private void adopt(Path path) throws IOException {
    Path name = directory.root().relativize(path);
    if (name.getNameCount() != 2 || !name.getName(1).toString().matches("[0-9a-f]{64}")) {
      return;
    }
    Key key =
        new Key(
            new AccountId(name.getName(0).toString()),
            new BundleAddress(name.getName(1).toString()));
    present.put(key, new Use(UNMEASURED, Files.getLastModifiedTime(path).toInstant()));
  }

  /** Looks how large the bundles of earlier runs are, which count as nothing until then. */
  void measure() throws IOException {
    for (Map.Entry<Key, Use> entry : present.entrySet()) {
      if (entry.getValue().bytes() != UNMEASURED) {
        continue;
      }
      try {
        long bytes = BundleTree.size(path(entry.getKey()));
        present.computeIfPresent(
            entry.getKey(),
            (key, use) -> use.bytes() == UNMEASURED ? new Use(bytes, use.lastUse()) : use);
      } catch (NoSuchFileException evictedMeanwhile) {
        LOG.debug("event=bundle_gone bundle={}", entry.getKey().address());
      }
    }
  }

  /** A new file that nobody else uses; deleting it is up to the caller. */
  Path newFile() throws IOException {
    Path incoming = directory.root().resolve(INCOMING);
    Files.createDirectories(incoming);
    return incoming.resolve(UUID.randomUUID().toString());
  }

  /** The root of the extracted bundle; blocks while it is being extracted. */
  Path directory(AccountId account, BundleAddress address) throws IOException {
    Key key = new Key(account, address);
    Use use =
        present.computeIfPresent(key, (k, before) -> new Use(before.bytes(), clock.instant()));
    if (use != null) {
      return path(key);
    }
    FutureTask<Path> mine = new FutureTask<>(() -> extract(key));
    FutureTask<Path> extraction = extractions.putIfAbsent(key, mine);
    if (extraction == null) {
      extraction = mine;
      try {
        mine.run();
      } finally {
        extractions.remove(key, mine);
      }
    }
    return await(extraction);
  }

  private static Path await(FutureTask<Path> extraction) throws IOException {
    try {
      return extraction.get();
    } catch (ExecutionException e) {
      throw new IOException("the bundle could not be extracted: " + e.getCause(), e.getCause());
    } catch (CancellationException e) {
      throw new IOException("the extraction was cancelled", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the bundle was being extracted", e);
    }
  }

  private Path extract(Key key) throws IOException {
    Path target = path(key);
    if (present.containsKey(key)) {
      return target;
    }
    Path archive = newFile();
    Path tree = newFile();
    try {
      Manifest manifest = source.fetch(key.account(), key.address(), archive);
      try (Bundle bundle = ZipArchive.read(archive)) {
        verify(key, manifest, bundle);
        BundleTree.write(bundle, tree);
      }
      Files.createDirectories(target.getParent());
      BundleTree.delete(target);
      BundleTree.publish(tree, target);
      present.put(key, new Use(manifest.sizeBytes(), clock.instant()));
    } finally {
      Files.deleteIfExists(archive);
      BundleTree.delete(tree);
    }
    evict();
    return target;
  }

  private static void verify(Key key, Manifest manifest, Bundle bundle) throws IOException {
    if (!manifest.address().equals(key.address()) || !bundle.manifest().equals(manifest)) {
      throw new IOException(
          "bundle " + key.address() + " of " + key.account() + " is not what its address says");
    }
  }

  /** Deletes what was not used for longest until the rest fits. */
  void evict() throws IOException {
    for (Map.Entry<Key, Use> old : surplus()) {
      Path gone = newFile();
      if (moveAway(old.getKey(), old.getValue(), gone)) {
        BundleTree.delete(gone);
        LOG.info(
            "event=bundle_evicted bundle={} account={}",
            old.getKey().address(),
            old.getKey().account());
      }
    }
  }

  /** One step with forgetting it, and only if nobody has used it since {@code seen}. */
  private boolean moveAway(Key key, Use seen, Path gone) throws IOException {
    AtomicBoolean moved = new AtomicBoolean();
    try {
      present.computeIfPresent(
          key,
          (k, use) -> {
            if (!use.equals(seen)) {
              return use;
            }
            moved.set(rename(path(k), gone));
            return null;
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return moved.get();
  }

  private static boolean rename(Path from, Path to) {
    try {
      BundleTree.publish(from, to);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Map.Entry<Key, Use>> surplus() {
    long bytes = present.values().stream().mapToLong(Use::bytes).sum();
    Instant inUse = clock.instant().minus(IN_USE);
    List<Map.Entry<Key, Use>> surplus = new ArrayList<>();
    for (Map.Entry<Key, Use> entry : oldestFirst()) {
      if (bytes <= directory.maxBytes() || entry.getValue().lastUse().isAfter(inUse)) {
        break;
      }
      bytes -= entry.getValue().bytes();
      surplus.add(entry);
    }
    return surplus;
  }

  private List<Map.Entry<Key, Use>> oldestFirst() {
    return present.entrySet().stream()
        .sorted(Comparator.comparing(entry -> entry.getValue().lastUse()))
        .toList();
  }

  private Path path(Key key) {
    return directory.root().resolve(key.account().value()).resolve(key.address().sha256());
  }
}
