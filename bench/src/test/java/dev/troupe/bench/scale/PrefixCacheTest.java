package dev.troupe.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrefixCacheTest {
    private final PrefixCache cache = new PrefixCache(100);
    private final Prompt system = Prompt.shared(1, 40);

    @Test
    void theLongestPrefixIsFound() {
        cache.insert(system.then(2, 20));

        assertThat(cache.match(system.then(2, 20).thenOwn(10))).isEqualTo(60);
        assertThat(cache.match(system.then(3, 20))).isEqualTo(40);
        assertThat(cache.match(Prompt.of(10))).isZero();
    }

    @Test
    void theLastTokenIsAlwaysComputed() {
        cache.insert(system);

        assertThat(cache.match(system)).isEqualTo(39);
    }

    @Test
    void theLongestUnusedIsForgottenAndWhatOthersHangOnLast() {
        cache.insert(system.then(2, 30));
        cache.insert(system.then(3, 30));
        cache.insert(system.then(4, 30));

        assertThat(cache.match(system.then(2, 30).thenOwn(1))).isEqualTo(40);
        assertThat(cache.match(system.then(4, 30).thenOwn(1))).isEqualTo(70);
    }

    @Test
    void theDigestBeginsWithTheLatest() {
        cache.insert(Prompt.shared(5, 10));
        cache.insert(system.then(2, 10));

        assertThat(cache.digest(2)).containsExactly(1L, 2L);
        assertThat(cache.digest(9)).containsExactly(1L, 2L, 5L);
    }
}
