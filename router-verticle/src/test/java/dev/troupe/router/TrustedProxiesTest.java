package dev.troupe.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TrustedProxiesTest {
    private final TrustedProxies proxies = TrustedProxies.parse(List.of("10.0.0.0/8", "192.0.2.7", "fd00::/8", "::1"));

    @Test
    void withoutAHeaderTheClientIsWhoConnects() {
        assertThat(client("203.0.113.9")).isEqualTo("203.0.113.9");
        assertThat(client("10.1.2.3")).isEqualTo("10.1.2.3");
        assertThat(client("10.1.2.3", "")).isEqualTo("10.1.2.3");
    }

    @Test
    void trustedProxySaysWhoItsClientIs() {
        assertThat(client("10.1.2.3", "203.0.113.9")).isEqualTo("203.0.113.9");
        assertThat(client("192.0.2.7", "203.0.113.9")).isEqualTo("203.0.113.9");
        assertThat(client("192.0.2.8", "203.0.113.9")).isEqualTo("192.0.2.8");
    }

    @Test
    void nobodyElsesWordIsTaken() {
        assertThat(client("203.0.113.9", "127.0.0.1")).isEqualTo("203.0.113.9");
        assertThat(TrustedProxies.NONE.clientAddress("127.0.0.1", List.of("203.0.113.9")))
                .isEqualTo("127.0.0.1");
    }

    @Test
    void whatAClientWroteBeforeItsProxyDoesNotCount() {
        assertThat(client("10.1.2.3", "127.0.0.1, 203.0.113.9")).isEqualTo("203.0.113.9");
        assertThat(client("10.1.2.3", "127.0.0.1", "203.0.113.9")).isEqualTo("203.0.113.9");
        assertThat(client("10.1.2.3", "10.9.9.9, 203.0.113.9, 10.0.0.2")).isEqualTo("203.0.113.9");
    }

    @Test
    void chainOfTrustedProxiesIsFollowedToItsBeginning() {
        assertThat(client("10.1.2.3", "fd00::2,192.0.2.7", "10.0.0.2")).isEqualTo("fd00:0:0:0:0:0:0:2");
    }

    @Test
    void garbageEndsTheChainAtWhoHandedItOver() {
        for (String garbage : List.of(
                "unknown",
                "_hidden",
                "999.1.1.1",
                "1.2.3",
                "0x7f.1",
                "2130706433",
                "localhost",
                "example.com",
                "203.0.113.9 203.0.113.8",
                "203.0.113.9;x",
                "[",
                "[]:1",
                "1.2.3.4:port",
                ":::",
                "g::1",
                "\0",
                " ")) {
            assertThat(client("10.1.2.3", garbage)).as(garbage).isEqualTo("10.1.2.3");
            assertThat(client("10.1.2.3", "203.0.113.9," + garbage)).as(garbage).isEqualTo("10.1.2.3");
        }
        assertThat(client("10.1.2.3", ",".repeat(8000))).isEqualTo("10.1.2.3");
    }

    @Test
    void oneAddressHasOneSpelling() {
        assertThat(client("10.1.2.3", "2001:DB8::0001"))
                .isEqualTo(client("10.1.2.3", "[2001:db8:0:0:0:0:0:1]:4711"))
                .isEqualTo(client("10.1.2.3", "[2001:db8::1]"))
                .isEqualTo("2001:db8:0:0:0:0:0:1");
        assertThat(client("10.1.2.3", "203.0.113.9:4711")).isEqualTo("203.0.113.9");
        assertThat(client("fe80::1%eth0")).isEqualTo("fe80:0:0:0:0:0:0:1");
    }

    @Test
    void addressInTheDressOfIpv6IsTheSame() {
        assertThat(client("::ffff:10.1.2.3", "203.0.113.9")).isEqualTo("203.0.113.9");
        assertThat(client("10.1.2.3", "::ffff:203.0.113.9")).isEqualTo("203.0.113.9");
    }

    @Test
    void bitsOfANetworkAreCompared() {
        TrustedProxies odd = TrustedProxies.parse(List.of("203.0.113.128/25", "2001:db8:8000::/33"));

        assertThat(odd.clientAddress("203.0.113.200", List.of("1.1.1.1"))).isEqualTo("1.1.1.1");
        assertThat(odd.clientAddress("203.0.113.127", List.of("1.1.1.1"))).isEqualTo("203.0.113.127");
        assertThat(odd.clientAddress("2001:db8:ffff::1", List.of("1.1.1.1"))).isEqualTo("1.1.1.1");
        assertThat(odd.clientAddress("2001:db8:7fff::1", List.of("1.1.1.1"))).isEqualTo("2001:db8:7fff:0:0:0:0:1");
    }

    @Test
    void whatIsNoNetworkIsRefusedAndSoIsEverybody() {
        for (String wrong : List.of(
                "",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/8/8",
                "10.0.0/8",
                "proxy.local",
                "::/129",
                "0.0.0.0/0",
                "::/0",
                "10.0.0.0/99999999999")) {
            assertThatThrownBy(() -> TrustedProxies.parse(List.of(wrong)))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private String client(String remote, String... forwardedFor) {
        return proxies.clientAddress(remote, List.of(forwardedFor));
    }
}
