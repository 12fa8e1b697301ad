package io.funkhaus.api.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funkhaus.api.TestDatabase;
import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.caller.TenantId;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.problem.ProblemException;
import io.funkhaus.api.recording.InvocationRecord;
import io.funkhaus.api.recording.InvocationRecorder;
import io.funkhaus.api.recording.InvocationStatus;
import io.funkhaus.api.recording.RecordingSettings;
import io.funkhaus.api.recording.TestRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InvocationsIT {
  private final DataSource database = TestDatabase.newDataSource();
  private final Caller caller = InvocationFixture.caller("1/full");

  @TempDir Path directory;
  private InvocationRecorder recorder;
  private Invocations invocations;

  @BeforeEach
  void start() throws IOException {
    recorder =
        InvocationRecorder.start(
            RecordingSettings.in(directory),
            database,
            InstantSource.fixed(TestRecords.NOON),
            System::nanoTime);
    invocations =
        new Invocations(
            database, recorder, new UnderWay(new RunningInvocations(), new ScriptedInvoker()));
  }

  @AfterEach
  void stop() throws IOException {
    recorder.close();
  }

  @Test
  void pages_have_no_gaps_and_nothing_twice_while_rows_are_added() {
    long seed = new Random().nextLong();
    System.out.println("InvocationsIT seed " + seed);
    Random random = new Random(seed);
    List<InvocationRecord> first = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      // Few distinct times: many rows share one, and the order must still be total.
      first.add(record(TestRecords.NOON.minusSeconds(random.nextInt(40)), "hello"));
    }
    first.forEach(recorder::record);
    List<UUID> seen = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    do {
      InvocationPage page =
          invocations.list(caller, InvocationFilter.ALL, cursor, 1 + random.nextInt(40));
      page.items().forEach(item -> seen.add(item.requestId()));
      cursor = Optional.ofNullable(page.nextCursor());
      recorder.record(record(TestRecords.NOON.plusSeconds(seen.size()), "hello"));
    } while (cursor.isPresent());

    assertThat(new HashSet<>(seen)).hasSameSizeAs(seen);
    assertThat(seen)
        .containsExactlyElementsOf(
            first.stream()
                .sorted(
                    Comparator.comparing(InvocationRecord::startedAt)
                        .thenComparing(r -> r.requestId().toString())
                        .reversed())
                .map(InvocationRecord::requestId)
                .toList());
  }

  @Test
  void filters_narrow_the_list_and_a_search_looks_into_errors() {
    recorder.record(record(TestRecords.NOON, "hello"));
    recorder.record(
        TestRecords.at(
            TestRecords.NOON.plusSeconds(60),
            new TenantId(1),
            "other",
            InvocationStatus.FAILED,
            700));

    assertThat(found(InvocationFilter.of(new FunctionName("hello")))).isEqualTo(1);
    assertThat(found(search("NOT A FUNCTION"))).isEqualTo(1);
    assertThat(found(search("100%"))).isZero();
    assertThat(found(search("_"))).isZero();
    assertThat(
            found(
                new InvocationFilter(
                    Optional.empty(),
                    Optional.of(InvocationStatus.FAILED),
                    Optional.of("$LATEST"),
                    Optional.empty(),
                    Optional.of(TestRecords.NOON.plusSeconds(60)),
                    Optional.of(TestRecords.NOON.plusSeconds(61)),
                    Optional.empty())))
        .isEqualTo(1);
  }

  @Test
  void another_tenant_s_cursor_and_ids_open_nothing() {
    for (int i = 0; i < 3; i++) {
      recorder.record(record(TestRecords.NOON.plusSeconds(i), "hello"));
    }
    InvocationPage page = invocations.list(caller, InvocationFilter.ALL, Optional.empty(), 1);
    Caller stranger = InvocationFixture.caller("2/full");

    assertThat(
            invocations
                .list(stranger, InvocationFilter.ALL, Optional.ofNullable(page.nextCursor()), 100)
                .items())
        .isEmpty();
  }

  @Test
  void what_was_under_way_at_a_kill_is_listed_once_as_interrupted_and_to_its_tenant_only()
      throws IOException {
    InvocationRecord cutOff = record(TestRecords.NOON, "hello");
    InvocationRecord kept = record(TestRecords.NOON, "hello");
    InvocationRecord ended = record(TestRecords.NOON, "hello");
    recorder.begin(TestRecords.start(cutOff));
    // Killed after its record was kept and before its mark was taken back.
    recorder.begin(TestRecords.start(kept));
    recorder.record(kept);
    int mark = recorder.begin(TestRecords.start(ended));
    recorder.record(ended);
    recorder.end(mark);
    assertThat(found(InvocationFilter.ALL)).isEqualTo(2);
    Path killed = copyOf(directory);

    for (int start = 0; start < 2; start++) {
      try (InvocationRecorder next =
          InvocationRecorder.start(
              RecordingSettings.in(killed),
              database,
              InstantSource.fixed(TestRecords.NOON),
              System::nanoTime)) {
        assertThat(next.status().interrupted()).isEqualTo(start == 0 ? 2 : 0);
        assertThat(next.flush(Duration.ofSeconds(60))).isTrue();
        assertThat(next.status().rejectedRecords()).isZero();
      }
    }

    assertThat(found(InvocationFilter.ALL)).isEqualTo(3);
    assertThat(interrupted(caller))
        .extracting(InvocationView::requestId)
        .containsExactly(cutOff.requestId());
    InvocationDetails details = invocations.get(caller, cutOff.requestId());
    assertThat(details.result()).isNull();
    assertThat(details.payload()).isEmpty();
    assertThat(details.payloadTruncated()).isTrue();
    assertThat(details.error())
        .extracting(InvocationDetails.ErrorView::errorType)
        .isEqualTo("ServiceInterrupted");
    assertThat(invocations.log(caller, cutOff.requestId()).text())
        .contains("the service stopped")
        .doesNotContain("REPORT");
    Caller stranger = InvocationFixture.caller("2/full");
    assertThat(interrupted(stranger)).isEmpty();
    assertThatThrownBy(() -> invocations.get(stranger, cutOff.requestId()))
        .isInstanceOf(ProblemException.class);
  }

  private List<InvocationView> interrupted(Caller who) {
    InvocationFilter all = InvocationFilter.ALL;
    InvocationFilter filter =
        new InvocationFilter(
            all.function(),
            InvocationStatus.find("interrupted"),
            all.version(),
            all.key(),
            all.from(),
            all.to(),
            all.text());
    return invocations.list(who, filter, Optional.empty(), 100).items();
  }

  /** What a kill leaves: nothing is closed before. */
  private static Path copyOf(Path journal) throws IOException {
    Path copy = Files.createDirectory(journal.resolve("killed"));
    try (Stream<Path> files = Files.list(journal)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return copy;
  }

  private int found(InvocationFilter filter) {
    return invocations.list(caller, filter, Optional.empty(), 100).items().size();
  }

  private static InvocationFilter search(String text) {
    InvocationFilter all = InvocationFilter.ALL;
    return new InvocationFilter(
        all.function(),
        all.status(),
        all.version(),
        all.key(),
        all.from(),
        all.to(),
        Optional.of(text));
  }

  private static InvocationRecord record(Instant at, String function) {
    return TestRecords.at(
        at, new TenantId(1), function, InvocationStatus.SUCCEEDED, Duration.ofMillis(2).toNanos());
  }
}
