package io.funkhaus.bench.measure;

import io.funkhaus.bench.report.Section;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;

/** One of the measurements of a run. What it needs beyond {@link Lab} it makes, and takes away. */
public interface Measurement {

  /** As {@code --only} takes it. */
  String name();

  String title();

  /** Longer than this it has failed. */
  Duration limit();

  Section run(Lab lab) throws IOException, InterruptedException, SQLException;
}
