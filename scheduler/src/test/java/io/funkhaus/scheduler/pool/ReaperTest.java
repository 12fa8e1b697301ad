package io.funkhaus.scheduler.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funkhaus.scheduler.engine.ContainerListing;
import io.funkhaus.scheduler.engine.EngineException;
import io.funkhaus.scheduler.engine.FakeFunction;
import io.funkhaus.scheduler.sandbox.DestroyReason;
import io.funkhaus.scheduler.sandbox.FakeFleet;
import io.funkhaus.scheduler.sandbox.Sandbox;
import io.funkhaus.scheduler.sandbox.SandboxDirectories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is wanted and what is there, compared in both directions. */
class ReaperTest {
  private final FakeFleet fleet;
  private final Reaper reaper;

  ReaperTest() throws IOException {
    fleet = new FakeFleet(FakeFunction.ECHO);
    reaper =
        new Reaper(
            fleet.engine,
            fleet.book,
            fleet.remover,
            new SandboxDirectories(fleet.sandboxes()),
            FakeFleet.INSTANCE);
  }

  @AfterEach
  void close() throws IOException {
    fleet.close();
  }

  @Test
  void a_sandbox_whose_container_the_engine_has_not_is_given_up() throws Exception {
    Sandbox vanished = fleet.stem();
    Sandbox there = fleet.stem();
    fleet.engine.lose(vanished.container());

    reaper.round();

    assertThat(vanished.destroyReason()).isEqualTo(DestroyReason.LOST);
    assertThat(there.state()).isEqualTo(Sandbox.State.STEM);
  }

  @Test
  void a_container_in_which_is_no_sandbox_of_ours_is_removed_and_what_is_anothers_stays()
      throws Exception {
    Sandbox wanted = fleet.stem();
    fleet.stray(FakeFleet.INSTANCE);
    String anothers = fleet.stray("theirs");

    assertThat(reaper.round()).isEqualTo(1);

    assertThat(fleet.engine.list(Map.of()))
        .extracting(ContainerListing::container)
        .containsExactlyInAnyOrder(wanted.container(), anothers);
  }

  @Test
  void a_directory_that_belongs_to_no_sandbox_is_deleted_and_no_other() throws Exception {
    Sandbox wanted = fleet.stem();
    Path left = Files.createDirectories(fleet.sandboxes().resolve("left/task"));

    reaper.round();

    assertThat(left.getParent()).doesNotExist();
    assertThat(fleet.sandboxes().resolve(wanted.id())).isDirectory();
  }

  @Test
  void an_engine_that_does_not_tell_what_it_has_costs_no_sandbox() throws Exception {
    Sandbox wanted = fleet.stem();
    fleet.engine.gone(true);

    assertThatThrownBy(reaper::round).isInstanceOf(EngineException.class);

    fleet.engine.gone(false);
    assertThat(wanted.state()).isEqualTo(Sandbox.State.STEM);
  }
}
