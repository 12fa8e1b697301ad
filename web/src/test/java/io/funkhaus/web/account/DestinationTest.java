package io.funkhaus.web.account;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/functions",
        "/functions/hello/invocations?status=failed&q=a%20b",
        "/invocations/0198c0de-0000-7000-8000-000000000000",
        "/functions/hello?welcome#result"
      })
  void pages_of_the_console_are_gone_on_to(String path) {
    assertThat(Destination.parse(path)).contains(new Destination(path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "functions",
        "https://evil.example/",
        "//evil.example/functions",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/functions\r\nSet-Cookie: a=b",
        "/ /evil.example",
        "javascript:alert(1)",
        "/api/v1/keys",
        "/sign-out",
        "/sign-in?continue=/functions",
        "/functions/%zz"
      })
  void nothing_else_is(String elsewhere) {
    assertThat(Destination.parse(elsewhere)).isEmpty();
  }

  @Test
  void no_destination_is_none() {
    assertThat(Destination.parse(null)).isEmpty();
    assertThat(Destination.parse("/" + "a".repeat(3000))).isEmpty();
  }
}
