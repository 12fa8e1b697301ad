package io.funkhaus.api.function.resolution;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.function.FunctionsFixture;
import io.funkhaus.api.function.Precondition;
import io.funkhaus.api.function.configuration.RuntimeName;
import io.funkhaus.api.function.draft.Functions;
import io.funkhaus.api.function.draft.NewFunction;
import io.funkhaus.scheduler.Architecture;
import io.funkhaus.scheduler.Forecast;
import io.funkhaus.scheduler.Isolation;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the scheduler is told of first calls that are to come. */
@SpringBootTest(classes = FunctionsFixture.class)
class ColdFunctionsIT {
  private static final RuntimeName NODE = new RuntimeName("nodejs22.x");

  @Autowired private Functions functions;
  @Autowired private FunctionsFixture.RetiringInvoker invoker;
  @Autowired private JdbcClient jdbc;

  private record Told(String runtime, Architecture architecture, Isolation isolation, int count) {}

  @Test
  void after_a_start_a_first_call_of_each_function_there_is_is_expected() throws Exception {
    jdbc.sql("DELETE FROM functions").update();
    Caller one = FunctionsFixture.newTenant(jdbc);
    Caller other = FunctionsFixture.newTenant(jdbc);
    create(one, "first");
    create(one, "second");
    create(other, "first");
    create(other, "deleted");
    functions.delete(other, new FunctionName("deleted"), Precondition.NONE);
    BlockingQueue<Told> told = new LinkedBlockingQueue<>();
    Forecast forecast =
        (runtime, architecture, isolation, count) ->
            told.add(new Told(runtime, architecture, isolation, count));

    new ColdFunctions(jdbc, forecast).started();

    Told first = told.poll(10, TimeUnit.SECONDS);
    assertThat(first)
        .isEqualTo(new Told("nodejs22.x", Architecture.X86_64, Isolation.CONTAINER, 3));
    assertThat(told.poll(200, TimeUnit.MILLISECONDS)).isNull();
  }

  @Test
  void of_a_function_that_was_just_created_a_first_call_is_expected() {
    int before = invoker.expected("nodejs22.x/X86_64/CONTAINER");

    create(FunctionsFixture.newTenant(jdbc), "created");

    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> invoker.expected("nodejs22.x/X86_64/CONTAINER") > before);
  }

  @Test
  void of_a_function_that_was_taken_back_a_first_call_is_expected() {
    Caller owner = FunctionsFixture.newTenant(jdbc);
    int before = invoker.expected("nodejs22.x/X86_64/CONTAINER");
    create(owner, "again");
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> invoker.expected("nodejs22.x/X86_64/CONTAINER") > before);
    functions.delete(owner, new FunctionName("again"), Precondition.NONE);
    int deleted = invoker.expected("nodejs22.x/X86_64/CONTAINER");

    functions.undelete(owner, new FunctionName("again"));

    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> invoker.expected("nodejs22.x/X86_64/CONTAINER") > deleted);
  }

  private void create(Caller owner, String name) {
    functions.create(owner, NewFunction.sample(new FunctionName(name), NODE));
  }
}
