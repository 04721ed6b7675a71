package dev.troupe.batcher.fair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.cache.service.ServiceReport;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServiceCountersTest {
    private final ServiceCounters counters = new ServiceCounters();

    @Test
    void aTenantPaysByItsWeight() {
        counters.charge("light", 1, 100);
        counters.charge("heavy", 4, 100);

        assertThat(counters.of("light")).isEqualTo(100);
        assertThat(counters.of("heavy")).isEqualTo(25);
    }

    @Test
    void aCachedPromptCostsAHundredthOfAComputedOne() {
        assertThat(Price.ofPrompt(100, 0)).isEqualTo(100);
        assertThat(Price.ofPrompt(100, 96)).isCloseTo(4.96, within(1e-9));
    }

    @Test
    void whoComesBackGetsNoCreditForItsAbsenceAndKeepsWhatItOwes() {
        counters.charge("a", 1, 10);
        counters.charge("b", 1, 900);

        counters.raise("a", 500);
        counters.raise("b", 500);

        assertThat(counters.of("a")).isEqualTo(500);
        assertThat(counters.of("b")).isEqualTo(900);
    }

    @Test
    void whatIsNewIsReportedOnce() {
        counters.charge("a", 1, 10);

        assertThat(counters.report(tenant -> false)).isEqualTo(Map.of("a", new ServiceReport(10, 0, false)));
        counters.heard(Map.of("a", 10.0));

        assertThat(counters.report(tenant -> false)).isEmpty();
    }

    @Test
    void whoWaitsIsReportedThoughNothingIsNew() {
        counters.raise("a", 0);

        assertThat(counters.report(tenant -> true)).isEqualTo(Map.of("a", new ServiceReport(0, 0, true)));
    }

    @Test
    void whatThePoolSaysTakesThePlaceOfWhatWasReportedAndWhatIsNewStays() {
        counters.charge("a", 1, 10);
        counters.report(tenant -> true);
        counters.charge("a", 1, 3);
        assertThat(counters.of("a")).as("while the pool is asked").isEqualTo(13);

        counters.heard(Map.of("a", 110.0));

        assertThat(counters.of("a")).isEqualTo(113);
        assertThat(counters.report(tenant -> true)).isEqualTo(Map.of("a", new ServiceReport(3, 0, true)));
    }

    @Test
    void withoutThePoolTheCountersHereGoOnAloneAndAreReportedLater() {
        counters.charge("a", 1, 10);
        counters.report(tenant -> true);
        counters.charge("a", 1, 3);

        counters.unheard();

        assertThat(counters.of("a")).isEqualTo(13);
        assertThat(counters.report(tenant -> true)).isEqualTo(Map.of("a", new ServiceReport(13, 0, true)));
    }

    @Test
    void aPoolThatKnowsNobodyChangesNothing() {
        counters.charge("a", 1, 10);
        counters.report(tenant -> true);

        counters.heard(Map.of());

        assertThat(counters.of("a")).isEqualTo(10);
    }

    @Test
    void thePoolMaySayThatATenantHadNotBeenAway() {
        counters.raise("a", 500);
        assertThat(counters.report(tenant -> true)).isEqualTo(Map.of("a", new ServiceReport(0, 500, true)));

        counters.heard(Map.of("a", 120.0));

        assertThat(counters.of("a")).isEqualTo(120);
    }

    @Test
    void anAnswerThatIsOlderThanTheReturnDoesNotUndoIt() {
        counters.charge("a", 1, 10);
        counters.report(tenant -> false);
        counters.raise("a", 500);

        counters.heard(Map.of("a", 10.0));

        assertThat(counters.of("a")).isEqualTo(500);
        assertThat(counters.report(tenant -> true).get("a").floor()).isEqualTo(500);
    }

    @Test
    void onlyWhoOwesNothingIsForgotten() {
        counters.charge("owes", 1, 900);
        counters.charge("even", 1, 100);
        counters.charge("waits", 1, 100);
        counters.report(tenant -> true);
        counters.heard(Map.of());

        counters.forget("waits"::equals, 500);

        assertThat(counters.size()).isEqualTo(2);
        assertThat(counters.of("owes")).isEqualTo(900);
        assertThat(counters.of("waits")).isEqualTo(100);
    }
}
