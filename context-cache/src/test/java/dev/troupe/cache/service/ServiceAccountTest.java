package dev.troupe.cache.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ServiceAccountTest {
    private static final long NOW = 1_700_000_000_000L;

    @Test
    void whatReplicasDidIsAddedUp() {
        ServiceAccount account = ServiceAccount.NONE
                .with(new ServiceReport(100, 0, true), NOW)
                .with(new ServiceReport(50, 0, true), NOW + 100);

        assertThat(account.counter()).isEqualTo(150);
    }

    @Test
    void whoComesBackIsRaisedToWhatTheOthersHave() {
        ServiceAccount before = new ServiceAccount(100, NOW - 5_000);

        assertThat(before.with(new ServiceReport(10, 400, true), NOW).counter()).isEqualTo(410);
    }

    @Test
    void whoComesBackWithMoreThanTheOthersKeepsIt() {
        ServiceAccount before = new ServiceAccount(900, NOW - 5_000);

        assertThat(before.with(new ServiceReport(10, 400, true), NOW).counter()).isEqualTo(910);
    }

    @Test
    void whoWaitsElsewhereHasNotComeBack() {
        ServiceAccount waiting = new ServiceAccount(100, NOW - 200);

        assertThat(waiting.with(new ServiceReport(10, 400, true), NOW).counter())
                .isEqualTo(110);
    }

    @Test
    void whoOnlyRunsIsNoLongerWaiting() {
        ServiceAccount running = new ServiceAccount(100, NOW)
                .with(new ServiceReport(5, 0, false), NOW + 600)
                .with(new ServiceReport(5, 0, false), NOW + 1_200);

        assertThat(running.with(new ServiceReport(0, 400, true), NOW + 1_300).counter())
                .isEqualTo(400);
    }

    @Test
    void aReportOfALaggingClockDoesNotMakeATenantLookSilent() {
        ServiceAccount account = new ServiceAccount(100, NOW).with(new ServiceReport(0, 0, true), NOW - 10_000);

        assertThat(account.waitedAtMillis()).isEqualTo(NOW);
    }

    @Test
    void serviceIsNeverTakenBack() {
        assertThatThrownBy(() -> new ServiceReport(-1, 0, false)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ServiceReport(Double.NaN, 0, false)).isInstanceOf(IllegalArgumentException.class);
    }
}
