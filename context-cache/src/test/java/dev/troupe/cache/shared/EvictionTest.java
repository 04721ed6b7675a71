package dev.troupe.cache.shared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cache.PrefixHash;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EvictionTest {
    private static String key(long hash, int tokens) {
        return new ChunkName(new PrefixHash(hash, -hash), tokens).key();
    }

    @Test
    void theLongestUnusedGoesFirstAndOfOnePrefixItsEnd() {
        assertThat(Eviction.order(Map.of(
                        key(1, 64), 100_000L,
                        key(2, 128), 100_003L,
                        key(3, 1024), 100_007L,
                        key(4, 64), 50_000L,
                        key(5, 2048), 300_000L)))
                .containsExactly(key(4, 64), key(3, 1024), key(2, 128), key(1, 64), key(5, 2048));
    }
}
