package io.funkhaus.web.account;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClientAddressTest {

  @Test
  void ipv4_addresses_are_told_apart() {
    assertThat(ClientAddress.parse("192.0.2.1")).isNotEqualTo(ClientAddress.parse("192.0.2.2"));
  }

  @Test
  void all_ipv6_addresses_of_one_network_are_one_sender() {
    assertThat(ClientAddress.parse("2001:db8:1:2:aaaa::1"))
        .isEqualTo(ClientAddress.parse("2001:db8:1:2:ffff:0:0:9%eth0"));
    assertThat(ClientAddress.parse("2001:db8:1:2::1"))
        .isNotEqualTo(ClientAddress.parse("2001:db8:1:3::1"));
  }

  @Test
  void an_ipv4_address_written_as_ipv6_keeps_all_its_bits() {
    assertThat(ClientAddress.parse("::ffff:192.0.2.1"))
        .isNotEqualTo(ClientAddress.parse("::ffff:192.0.2.2"));
  }
}
