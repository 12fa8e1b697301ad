package io.funkhaus.api.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConnectionTableTest {
  private static final String HEAD =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n";

  private final ConnectionTable table = new ConnectionTable(Set.of(8080));

  @BeforeEach
  void twoLists() throws IOException {
    add(
        HEAD
            + "   0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0\n"
            + "   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0\n"
            + "   2: 0100007F:1F90 0201A8C0:C351 08 00000000:00000000 00:00000000 00000000     0\n"
            + "   3: 0100007F:1F91 0100007F:C352 01 00000000:00000000 00:00000000 00000000     0\n");
    add(
        HEAD
            + "   0: 0000000000000000FFFF00000100007F:1F90 0000000000000000FFFF00000200007F:C353 01 0:0 0\n"
            + "   1: 00000000000000000000000001000000:1F90 B80D0120000000000000000001000000:C354 01 0:0 0\n");
  }

  private void add(String list) throws IOException {
    table.add(new BufferedReader(new StringReader(list)));
  }

  private ConnectionTable.State state(int localPort, String remote, int remotePort) {
    return table.state(new CallerConnection(localPort, InetAddress.ofLiteral(remote), remotePort));
  }

  @Test
  void an_established_connection_is_open() {
    assertThat(state(8080, "127.0.0.1", 50_000)).isEqualTo(ConnectionTable.State.OPEN);
  }

  @Test
  void one_that_the_other_end_has_closed_is_closing() {
    assertThat(state(8080, "192.168.1.2", 50_001)).isEqualTo(ConnectionTable.State.CLOSING);
  }

  @Test
  void an_address_of_version_4_is_the_same_on_a_socket_of_version_6() {
    assertThat(state(8080, "127.0.0.2", 50_003)).isEqualTo(ConnectionTable.State.OPEN);
  }

  @Test
  void addresses_of_version_6_are_read_word_by_word() {
    assertThat(state(8080, "2001:db8::1", 50_004)).isEqualTo(ConnectionTable.State.OPEN);
  }

  @Test
  void what_is_not_listed_or_has_another_end_is_absent() {
    assertThat(state(8080, "127.0.0.1", 50_009)).isEqualTo(ConnectionTable.State.ABSENT);
    assertThat(state(8080, "127.0.0.3", 50_000)).isEqualTo(ConnectionTable.State.ABSENT);
  }
}
