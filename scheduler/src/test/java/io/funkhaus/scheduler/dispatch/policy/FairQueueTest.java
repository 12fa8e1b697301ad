package io.funkhaus.scheduler.dispatch.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FairQueueTest {
  private final FairQueue<String, String> queue = new FairQueue<>();

  @Test
  void one_tenant_is_served_in_order_of_arrival() {
    queue.add("a", "a1");
    queue.add("a", "a2");

    assertThat(drain()).containsExactly("a1", "a2");
  }

  @Test
  void tenants_take_turns_however_many_one_has_queued() {
    for (int i = 1; i <= 4; i++) {
      queue.add("a", "a" + i);
    }
    queue.add("b", "b1");
    queue.add("b", "b2");
    queue.add("c", "c1");

    assertThat(drain()).containsExactly("a1", "b1", "c1", "a2", "b2", "a3", "a4");
  }

  @Test
  void who_comes_while_others_wait_gets_its_turn_within_one_round() {
    queue.add("a", "a1");
    queue.add("a", "a2");
    queue.add("a", "a3");
    queue.poll(all -> true);
    queue.add("b", "b1");

    assertThat(drain()).containsExactly("a2", "b1", "a3");
  }

  @Test
  void what_cannot_be_served_now_is_passed_over_and_keeps_its_place() {
    queue.add("a", "large");
    queue.add("a", "a2");
    queue.add("b", "b1");

    assertThat(queue.poll(e -> !e.equals("large"))).isEqualTo("a2");
    assertThat(queue.poll(e -> !e.equals("large"))).isEqualTo("b1");
    assertThat(queue.poll(e -> !e.equals("large"))).isNull();
    assertThat(queue.poll(e -> true)).isEqualTo("large");
  }

  @Test
  void the_same_element_waits_once() {
    queue.add("a", "a1");
    queue.add("a", "a1");

    assertThat(queue.size()).isEqualTo(1);
  }

  @Test
  void removing_is_told_and_leaves_the_others() {
    queue.add("a", "a1");
    queue.add("a", "a2");

    assertThat(queue.remove("a", "a1")).isTrue();
    assertThat(queue.remove("a", "a1")).isFalse();
    assertThat(queue.remove("b", "b1")).isFalse();
    assertThat(drain()).containsExactly("a2");
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void no_tenant_ever_waits_for_more_than_one_turn_of_each_other() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      FairQueue<Integer, String> queued = new FairQueue<>();
      int tenants = 2 + random.nextInt(6);
      for (int i = 0; i < 60; i++) {
        int tenant = random.nextInt(tenants);
        queued.add(tenant, tenant + ":" + i);
      }
      List<Integer> served = new ArrayList<>();
      while (!queued.isEmpty()) {
        String next = Objects.requireNonNull(queued.poll(all -> true));
        served.add(Integer.valueOf(next.substring(0, next.indexOf(':'))));
      }
      assertNobodyIsOvertakenTwice(served, tenants, seed);
    }
  }

  private static void assertNobodyIsOvertakenTwice(List<Integer> served, int tenants, long seed) {
    for (int tenant = 0; tenant < tenants; tenant++) {
      int previous = -1;
      for (int at = 0; at < served.size(); at++) {
        if (served.get(at) == tenant) {
          assertThat(at - previous)
              .as("seed %d, tenant %d", seed, tenant)
              .isLessThanOrEqualTo(tenants);
          previous = at;
        }
      }
    }
  }

  private List<String> drain() {
    List<String> served = new ArrayList<>();
    String next = queue.poll(all -> true);
    while (next != null) {
      served.add(next);
      next = queue.poll(all -> true);
    }
    return served;
  }
}
