package dev.troupe.router.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GuessThrottleTest {
    private final GuessThrottle throttle = new GuessThrottle();

    @Test
    void whoGuessesTooOftenWaitsAndIsHeardAgainLater() {
        useUp("192.0.2.1");

        assertThat(throttle.wrong("192.0.2.1", 0)).isEqualTo(GuessThrottle.MILLIS_EACH);
        assertThat(throttle.wrong("192.0.2.1", GuessThrottle.MILLIS_EACH)).isZero();
    }

    @Test
    void anotherAddressIsAnother() {
        useUp("192.0.2.1");

        assertThat(throttle.wrong("192.0.2.2", 0)).isZero();
        assertThat(throttle.wrong("::ffff:192.0.2.1", 0)).isZero();
        assertThat(throttle.wrong("::ffff:192.0.2.2", 0)).isZero();
    }

    @Test
    void theAddressesOfOneCustomerCountAsOne() {
        useUp("2001:db8:1:2::1");

        assertThat(throttle.wrong("2001:db8:1:2:ffff::7", 0)).isPositive();
        assertThat(throttle.wrong("2001:db8:1:3::1", 0)).isZero();
    }

    @Test
    void ipv4InIpv6IsNotOneCustomer() {
        useUp("::ffff:192.0.2.1");

        assertThat(throttle.wrong("::ffff:192.0.2.2", 0)).isZero();
    }

    @Test
    void whatIsNoAddressIsCountedAsItStands() {
        useUp("unknown");

        assertThat(throttle.wrong("unknown", 0)).isPositive();
        assertThat(throttle.wrong("", 0)).isZero();
    }

    private void useUp(String address) {
        for (int i = 0; i < GuessThrottle.BURST; i++) {
            assertThat(throttle.wrong(address, 0)).isZero();
        }
    }
}
