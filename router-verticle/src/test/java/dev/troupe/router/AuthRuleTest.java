package dev.troupe.router;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AuthRuleTest {
    @Test
    void loopbackIsOpenUntilTheFirstKeyIsMade() {
        AuthRule rule = AuthRule.of(true, false);

        assertThat(rule.mayStart(() -> false)).isTrue();
        assertThat(rule.admitsWithoutKey(() -> false)).isTrue();
        assertThat(rule.admitsWithoutKey(() -> true)).isFalse();
    }

    @Test
    void otherAddressesNeedAKeyBeforeTheyAreListenedAt() {
        AuthRule rule = AuthRule.of(false, false);

        assertThat(rule.mayStart(() -> false)).isFalse();
        assertThat(rule.mayStart(() -> true)).isTrue();
        assertThat(rule.admitsWithoutKey(() -> true)).isFalse();
        // Should the answer be wrong for a moment, nobody slips in.
        assertThat(rule.admitsWithoutKey(() -> false)).isFalse();
    }

    @Test
    void insistingOperatorLetsEverybodyIn() {
        for (boolean loopback : new boolean[] {true, false}) {
            AuthRule rule = AuthRule.of(loopback, true);

            assertThat(rule.mayStart(() -> false)).isTrue();
            assertThat(rule.admitsWithoutKey(() -> false)).isTrue();
            assertThat(rule.admitsWithoutKey(() -> true)).isTrue();
        }
    }
}
