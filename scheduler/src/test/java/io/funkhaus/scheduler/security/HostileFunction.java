package io.funkhaus.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.CapturedLog;
import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.Report;
import io.funkhaus.scheduler.SchedulerFixture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * A function whose bundle holds the attacker's tools (sandbox-images/test-tools) and whose handler
 * starts one of them as the event says.
 */
final class HostileFunction {
  /** Answers with what the tool printed, or lets it print into the log; or never has enough. */
  private static final String SOURCE =
      """
      const { spawnSync } = require('node:child_process');
      exports.handler = async ({ tool, args, log, endless }) => {
        const stdio = log ? 'inherit' : ['ignore', 'pipe', 'inherit'];
        const run = () =>
            spawnSync('/var/task/' + tool, args, { stdio, encoding: 'utf8', maxBuffer: 1e7 });
        while (endless) run();
        const { stdout, status, signal, error } = run();
        if (error) throw error;
        return stdout?.trim() || `status=${status} signal=${signal}`;
      };
      """;

  private static final Path TOOLS = Path.of("../sandbox-images/test-tools");

  private HostileFunction() {}

  static SchedulerFixture.Function in(SchedulerFixture platform) {
    return platform
        .node(SOURCE)
        .name("hostile")
        .file("probe", compiled("probe"))
        .file("bomb", compiled("bomb"));
  }

  static Path compiled(String tool) {
    Path path = TOOLS.resolve("out").resolve(tool).toAbsolutePath().normalize();
    assertThat(path)
        .withFailMessage("%s is missing: run sandbox-images/test-tools/build.sh", path)
        .matches(Files::isExecutable);
    return path;
  }

  static Path oracle() {
    return TOOLS.resolve("probe.expected").toAbsolutePath().normalize();
  }

  static String probe() {
    return "{\"tool\":\"probe\",\"args\":[]}";
  }

  static String bomb(String... args) {
    return "{\"tool\":\"bomb\",\"args\":[%s]}".formatted(quoted(args));
  }

  /** The same with the output in the log. */
  static String bombIntoLog(String... args) {
    return "{\"tool\":\"bomb\",\"args\":[%s],\"log\":true}".formatted(quoted(args));
  }

  /** The same again and again until the function is stopped. */
  static String endlessly(String event) {
    return event.substring(0, event.length() - 1) + ",\"endless\":true}";
  }

  private static String quoted(String... args) {
    return Arrays.stream(args).map(arg -> '"' + arg + '"').collect(Collectors.joining(","));
  }

  /** What the tool printed. */
  static String printed(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
    String json = new String(((Outcome.Succeeded) outcome).result(), StandardCharsets.UTF_8);
    return json.substring(1, json.length() - 1).replace("\\n", "\n");
  }

  /** The value of {@code name=value} in what the tool printed. */
  static long number(Outcome outcome, String name) {
    String text = printed(outcome);
    return Arrays.stream(text.split("\\s+"))
        .filter(word -> word.startsWith(name + "="))
        .map(word -> Long.parseLong(word.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name + "= in: " + text));
  }

  static Report report(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Succeeded it -> it.report();
      case Outcome.HandlerFailed it -> it.report();
      case Outcome.TimedOut it -> it.report();
      case Outcome.OutOfMemory it -> it.report();
      case Outcome.Exited it -> it.report();
      case Outcome.ResponseTooLarge it -> it.report();
      case Outcome.SandboxLost it -> it.report();
      case Outcome.Cancelled it -> it.report();
      case Outcome.Refused it -> throw new AssertionError("refused: " + it.refusal());
    };
  }

  static String log(Outcome outcome) {
    CapturedLog log = report(outcome).log();
    return new String(log.bytes(), StandardCharsets.UTF_8);
  }
}
