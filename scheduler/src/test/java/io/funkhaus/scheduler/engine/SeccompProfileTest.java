package io.funkhaus.scheduler.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the profile must never come to allow. What it does to a real sandbox is ProbeIT's matter.
 */
class SeccompProfileTest {
  private static final String ALLOW = "SCMP_ACT_ALLOW";
  private static final long NEW_NAMESPACES = 0x7E020000L;
  private static final Set<Integer> FAMILIES = Set.of(1, 2, 10, 16);

  private final JsonNode profile = read();

  private static JsonNode read() {
    try {
      return new ObjectMapper().readTree(SeccompProfile.load());
    } catch (java.io.IOException e) {
      throw new AssertionError("the profile is not JSON", e);
    }
  }

  @Test
  void what_is_not_named_is_denied() {
    assertThat(profile.path("defaultAction").asText()).isEqualTo("SCMP_ACT_ERRNO");
    assertThat(profile.path("defaultErrnoRet").asInt()).isEqualTo(1);
  }

  @Test
  void only_64_bit_programs_run() {
    assertThat(profile.path("archMap"))
        .extracting(entry -> entry.path("architecture").asText())
        .containsExactlyInAnyOrder("SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64");
    assertThat(profile.path("archMap"))
        .allSatisfy(entry -> assertThat(entry.path("subArchitectures")).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mount umount2 fsopen fsmount fsconfig fspick open_tree move_mount mount_setattr",
        "pivot_root chroot unshare setns ptrace process_vm_readv process_vm_writev kcmp",
        "pidfd_getfd process_madvise bpf perf_event_open userfaultfd seccomp",
        "io_uring_setup io_uring_enter io_uring_register io_setup io_submit",
        "keyctl add_key request_key init_module finit_module delete_module",
        "kexec_load kexec_file_load reboot swapon swapoff acct quotactl syslog",
        "settimeofday clock_settime clock_adjtime adjtimex sethostname setdomainname",
        "name_to_handle_at open_by_handle_at fanotify_init iopl ioperm modify_ldt",
        "shmget shmat semget semop msgget msgsnd mq_open vmsplice sync syncfs memfd_secret",
        "capset setgroups mbind move_pages migrate_pages remap_file_pages"
      })
  void nothing_that_reaches_out_of_a_sandbox_is_allowed(String calls) {
    Set<String> allowed = new HashSet<>();
    rules(ALLOW).forEach(rule -> rule.path("names").forEach(name -> allowed.add(name.asText())));

    assertThat(allowed).doesNotContain(calls.split(" "));
  }

  @Test
  void new_processes_stay_in_their_namespaces() {
    assertThat(rulesOf("clone"))
        .singleElement()
        .satisfies(rule -> {
          JsonNode flags = rule.path("args").path(0);
          assertThat(rule.path("args")).hasSize(1);
          assertThat(flags.path("op").asText()).isEqualTo("SCMP_CMP_MASKED_EQ");
          assertThat(flags.path("index").asInt()).isZero();
          assertThat(flags.path("value").asLong()).isEqualTo(NEW_NAMESPACES);
          assertThat(flags.path("valueTwo").asLong()).isZero();
        });
    assertThat(rulesOf("clone3"))
        .singleElement()
        .satisfies(rule -> assertThat(rule.path("errnoRet").asInt()).isEqualTo(38));
  }

  @Test
  void every_rule_about_sockets_names_one_harmless_family() {
    assertThat(Stream.concat(rulesOf("socket").stream(), rulesOf("socketpair").stream()))
        .hasSizeGreaterThan(2)
        .allSatisfy(rule -> {
          JsonNode family = rule.path("args").path(0);
          assertThat(family.path("index").asInt()).isZero();
          assertThat(family.path("op").asText()).isEqualTo("SCMP_CMP_EQ");
          assertThat(FAMILIES).contains(family.path("value").asInt());
        });
  }

  private List<JsonNode> rulesOf(String call) {
    return rules()
        .filter(rule ->
            StreamSupport.stream(rule.path("names").spliterator(), false)
                .anyMatch(name -> name.asText().equals(call)))
        .toList();
  }

  private Stream<JsonNode> rules(String action) {
    return rules().filter(rule -> rule.path("action").asText().equals(action));
  }

  private Stream<JsonNode> rules() {
    return StreamSupport.stream(profile.path("syscalls").spliterator(), false);
  }
}
