package io.funkhaus.scheduler.security;

import static io.funkhaus.scheduler.security.HostileFunction.printed;
import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.SchedulerFixture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a function finds when it looks for a network: itself, by the usual name, and no more. */
class NetworkIT {
  private static SchedulerFixture platform;

  @BeforeAll
  static void start() {
    platform = SchedulerFixture.start();
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  @Test
  void the_only_interface_is_the_loopback() {
    SandboxSpec function =
        platform
            .node(
                "exports.handler = async () =>"
                    + " Object.keys(require('node:os').networkInterfaces()).join()")
            .name("interfaces")
            .spec();

    assertThat(printed(platform.invoke(function, "{}"))).isEqualTo("lo");
  }

  @Test
  void a_function_reaches_its_own_server_as_localhost() {
    SandboxSpec function =
        platform
            .node(
                """
                const http = require('node:http');
                exports.handler = () => new Promise((resolve, reject) => {
                  const server = http.createServer((request, response) => response.end('it is me'));
                  server.listen(0, '127.0.0.1', async () => {
                    try {
                      const answer = await fetch(`http://localhost:${server.address().port}/`);
                      resolve(await answer.text());
                    } catch (error) {
                      reject(error.cause ?? error);
                    } finally {
                      server.close();
                    }
                  });
                });
                """)
            .name("localhost")
            .spec();

    assertThat(printed(platform.invoke(function, "{}"))).isEqualTo("it is me");
  }

  @Test
  void nothing_else_is_reached_and_nobody_tells_where_names_are_resolved() {
    SandboxSpec function =
        platform
            .node(
                """
                const net = require('node:net');
                const dns = require('node:dns');
                const code = (attempt) => attempt.then(() => 'reached', (error) => error.code);
                const connect = (host) => new Promise((resolve, reject) =>
                  net.connect(53, host).on('connect', resolve).on('error', reject));
                exports.handler = async () => [
                  await code(connect('192.0.2.1')),
                  await code(connect('172.17.0.1')),
                  await code(connect('169.254.169.254')),
                  await code(dns.promises.lookup('example.org')),
                  dns.getServers().join(),
                ].join(' ');
                """)
            .name("elsewhere")
            .spec();

    assertThat(printed(platform.invoke(function, "{}")))
        .isEqualTo("ENETUNREACH ENETUNREACH ENETUNREACH EAI_AGAIN 127.0.0.1");
  }
}
