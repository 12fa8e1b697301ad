package io.funkhaus.api.bundle;

import io.funkhaus.api.caller.AccountId;
import io.funkhaus.api.caller.TenantId;
import io.funkhaus.api.problem.ProblemException;
import io.funkhaus.scheduler.CodeStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The door to code bundles: functions save and read through it, and as {@link CodeStore} it gives
 * the scheduler extracted code.
 */
@Service
public class Bundles implements CodeStore {
  private static final Logger LOG = LoggerFactory.getLogger(Bundles.class);

  private final BundleStore store;
  private final BundleCache cache;
  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;

  Bundles(
      BundleStore store,
      BundleDirectory directory,
      JdbcClient jdbc,
      PlatformTransactionManager transactions,
      InstantSource clock)
      throws IOException {
    this.store = store;
    this.jdbc = jdbc;
    this.transaction = new TransactionTemplate(transactions);
    this.cache = new BundleCache(directory, this::fetch, clock);
    cache.open();
    Thread.ofVirtual().name("bundle-sizes").start(this::measure);
  }

  private void measure() {
    try {
      cache.measure();
      cache.evict();
    } catch (IOException failed) {
      LOG.warn("event=bundles_unmeasured reason={}", failed.toString());
    }
  }

  /** The bundle in a zip archive; close it when it has been saved. */
  public Bundle receiveZip(InputStream body) throws IOException {
    Path file = cache.newFile();
    try {
      ZipArchive.receive(body, file);
      Bundle read = ZipArchive.read(file);
      return new Bundle(
          read.files(),
          read.folders(),
          () -> {
            read.close();
            deleteReceived(file);
          });
    } catch (IOException | RuntimeException | Error e) {
      deleteReceived(file);
      throw e;
    }
  }

  /**
   * Keeps the bundle for the tenant; nothing is written when the tenant already has it. Until
   * something refers to it it may be swept, but not within the grace.
   */
  public BundleAddress save(TenantId tenant, Bundle bundle) {
    BundleAddress address = bundle.address();
    if (store.touch(tenant, address)) {
      return address;
    }
    try {
      Path archive = cache.newFile();
      try {
        ZipArchive.write(bundle, archive);
        if (Files.size(archive) > BundleLimits.PACKED_BYTES) {
          throw ZipArchive.packedTooLarge();
        }
        transaction.executeWithoutResult(status -> {
          try {
            store.put(tenant, bundle.manifest(), archive);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
      } finally {
        Files.deleteIfExists(archive);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the bundle could not be written to disk", e);
    }
    return address;
  }

  /** What the tenant's bundle consists of. */
  public Manifest manifest(TenantId tenant, BundleAddress address) {
    return store.manifest(tenant, address).orElseThrow(() -> missing(address));
  }

  /** The tenant's bundle as a zip archive. */
  public InputStream archive(TenantId tenant, BundleAddress address) throws IOException {
    return store.open(tenant, address);
  }

  /** The content of one file; the manifest must be the one of that address. */
  public BundleFile file(AccountId account, BundleAddress address, Manifest.Entry entry) {
    return new BundleFile(
        entry.path(),
        entry.executable(),
        entry.sizeBytes(),
        entry.sha256(),
        () ->
            Files.newInputStream(cache.directory(account, address).resolve(entry.path().value())));
  }

  /**
   * Deletes bundles of all tenants that no draft and no version refers to.
   *
   * @param grace how long an unreferenced bundle stays after its last use
   * @return how many
   */
  public int sweep(Duration grace) {
    return store.sweep(grace);
  }

  /** See {@link CodeStore}: the directory stays at least ten minutes after the last call. */
  @Override
  public Path directory(String tenant, String code) throws IOException {
    return cache.directory(new AccountId(tenant), new BundleAddress(code));
  }

  private Manifest fetch(AccountId account, BundleAddress address, Path file) throws IOException {
    TenantId tenant =
        jdbc.sql("SELECT id FROM tenants WHERE account_id = :account")
            .param("account", account.value())
            .query(Long.class)
            .optional()
            .map(TenantId::new)
            .orElseThrow(() -> new IOException("there is no tenant " + account));
    Manifest manifest =
        store
            .manifest(tenant, address)
            .orElseThrow(() -> new IOException("tenant " + account + " has no bundle " + address));
    try (InputStream archive = store.open(tenant, address)) {
      ZipArchive.receive(archive, file);
    }
    return manifest;
  }

  private static ProblemException missing(BundleAddress address) {
    return ProblemException.notFound("BundleNotFound", "There is no code bundle " + address + ".");
  }

  private static void deleteReceived(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("a received archive could not be deleted", e);
    }
  }
}
