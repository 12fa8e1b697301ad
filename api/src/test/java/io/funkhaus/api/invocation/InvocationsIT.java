package io.funkhaus.api.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.api.TestDatabase;
import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.caller.TenantId;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.recording.InvocationRecord;
import io.funkhaus.api.recording.InvocationRecorder;
import io.funkhaus.api.recording.InvocationStatus;
import io.funkhaus.api.recording.RecordingSettings;
import io.funkhaus.api.recording.TestRecords;
import java.io.IOException;
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
