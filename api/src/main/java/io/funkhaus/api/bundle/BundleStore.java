package io.funkhaus.api.bundle;

import io.funkhaus.api.caller.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Where code bundles are kept for good. Nothing in it ever changes, so reading needs no lock. */
interface BundleStore {

  /**
   * Whether the tenant has it; if so it counts as used now, and is not swept before the grace is
   * over.
   */
  boolean touch(TenantId tenant, BundleAddress address);

  /** Keeps a bundle; a second time it only counts as used. Joins the transaction of the caller. */
  void put(TenantId tenant, Manifest manifest, Path archive) throws IOException;

  /** What the bundle consists of. */
  Optional<Manifest> manifest(TenantId tenant, BundleAddress address);

  /** The zip archive. */
  InputStream open(TenantId tenant, BundleAddress address) throws IOException;

  /** Deletes bundles that nothing refers to and that were last used before the grace. */
  int sweep(Duration grace);
}
