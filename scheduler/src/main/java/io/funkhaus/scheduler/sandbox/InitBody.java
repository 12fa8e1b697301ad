package io.funkhaus.scheduler.sandbox;

import io.funkhaus.scheduler.SandboxSpec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/** Writes the body of INIT: the one JSON text the scheduler makes. */
final class InitBody {
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("uuuu/MM/dd").withZone(ZoneOffset.UTC);

  private final StringBuilder json = new StringBuilder(512);

  private InitBody() {}

  static byte[] of(SandboxSpec spec, String sandbox, Instant now) {
    return new InitBody().write(spec, sandbox, now).getBytes(StandardCharsets.UTF_8);
  }

  private String write(SandboxSpec spec, String sandbox, Instant now) {
    json.append('{');
    member("handler", spec.handler()).append(',');
    member("taskRoot", "/var/task").append(',');
    json.append("\"concurrency\":").append(spec.concurrency()).append(',');
    environment(spec.environment());
    json.append(",\"function\":{");
    member("name", spec.function()).append(',');
    member("version", spec.version()).append(',');
    json.append("\"memoryMegabytes\":").append(spec.memoryMegabytes()).append(',');
    json.append("\"timeoutMillis\":").append(spec.timeout().toMillis()).append(',');
    member("arn", arn(spec)).append(',');
    member("logGroup", "/aws/lambda/" + spec.function()).append(',');
    member("logStream", DAY.format(now) + "/[" + spec.version() + "]" + sandbox);
    return json.append("}}").toString();
  }

  private static String arn(SandboxSpec spec) {
    return "arn:aws:lambda:local:%s:function:%s:%s"
        .formatted(spec.tenant(), spec.function(), spec.version());
  }

  private void environment(Map<String, String> environment) {
    json.append("\"environment\":{");
    String separator = "";
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      json.append(separator);
      member(variable.getKey(), variable.getValue());
      separator = ",";
    }
    json.append('}');
  }

  private StringBuilder member(String name, String value) {
    text(name);
    json.append(':');
    text(value);
    return json;
  }

  private void text(String value) {
    json.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < 0x20) {
        json.append("\\u00")
            .append(Character.forDigit(c >> 4, 16))
            .append(Character.forDigit(c & 15, 16));
      } else {
        json.append(c);
      }
    }
    json.append('"');
  }
}
