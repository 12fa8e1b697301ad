package io.funkhaus.scheduler;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Where the scheduler gets the files of a code bundle. Implemented by the api on top of PostgreSQL
 * and a disk cache.
 */
public interface CodeStore {

  /**
   * The root directory of the extracted bundle, read-only (directories 0555, files 0444 or 0555,
   * owned by the service), on the same file system as the sandboxes' directories so that files can
   * be hard-linked. Blocks while it is being extracted.
   *
   * @throws IOException when the bundle cannot be read or extracted
   */
  Path directory(String tenant, String code) throws IOException;
}
