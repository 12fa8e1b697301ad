package io.funkhaus.api.recording;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A service that does nothing but record, to be killed: it says the id of each invocation on its
 * standard output when, and only when, the invocation would be answered, and {@code +} and the id
 * when it is marked as under way.
 */
final class RecordingProcess {
  static final int THREADS = 4;

  private RecordingProcess() {}

  /** Arguments: directory of the journal, URL of the database. */
  public static void main(String[] arguments) throws IOException {
    PGSimpleDataSource database = new PGSimpleDataSource();
    database.setUrl(arguments[1]);
    InvocationRecorder recorder =
        InvocationRecorder.start(
            RecordingSettings.in(Path.of(arguments[0])),
            database,
            InstantSource.system(),
            System::nanoTime);
    for (int i = 0; i < THREADS; i++) {
      Thread.ofPlatform().start(() -> recordForEver(recorder, System.out));
    }
  }

  private static void recordForEver(InvocationRecorder recorder, PrintStream answers) {
    while (true) {
      InvocationRecord record = TestRecords.plain();
      int mark = recorder.begin(TestRecords.start(record));
      answers.println("+" + record.requestId());
      recorder.record(record);
      recorder.end(mark);
      answers.println(record.requestId());
    }
  }
}
