package dev.troupe.cache;

import static dev.troupe.cluster.message.KvCopy.BLOCK_TOKENS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cluster.message.TokenIds;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PrefixHashTest {
    private static final TokenIds PROMPT =
            TokenIds.of(IntStream.range(0, 3 * BLOCK_TOKENS + 1).toArray());

    @Test
    void anEntryVouchesForAllBeforeIt() {
        List<Long> digests = PrefixHash.digests("model", "local", PROMPT);

        assertThat(digests).hasSize(3).doesNotHaveDuplicates();
        assertThat(PrefixHash.cachedTokens(digests, Set.of(digests.get(1)))).isEqualTo(2 * BLOCK_TOKENS);
        assertThat(PrefixHash.cachedTokens(digests, Set.of(1L, 2L))).isZero();
    }

    @Test
    void theBlockOfTheLastTokenIsLeftOut() {
        assertThat(PrefixHash.digests("model", "local", PROMPT.slice(0, 3 * BLOCK_TOKENS)))
                .hasSize(2);
        assertThat(PrefixHash.digests("model", "local", PROMPT.slice(0, 1))).isEmpty();
    }

    @Test
    void modelTenantAndEveryEarlierTokenAreInTheName() {
        List<Long> digests = PrefixHash.digests("model", "local", PROMPT);
        int[] changed = PROMPT.toArray();
        changed[0]++;

        assertThat(PrefixHash.digests("other", "local", PROMPT)).doesNotContainAnyElementsOf(digests);
        assertThat(PrefixHash.digests("model", "remote", PROMPT)).doesNotContainAnyElementsOf(digests);
        assertThat(PrefixHash.digests("modell", "ocal", PROMPT)).doesNotContainAnyElementsOf(digests);
        assertThat(PrefixHash.digests("model", "local", TokenIds.of(changed))).doesNotContainAnyElementsOf(digests);
    }

    /** Figures from an independent program after the class's own description. */
    @Test
    void namesStayTheSameAcrossReleases() {
        assertThat(PrefixHash.digests("model", "local", PROMPT))
                .containsExactly(-3574949094072876094L, -4141272808586987124L, 1684056163219639082L);
    }
}
