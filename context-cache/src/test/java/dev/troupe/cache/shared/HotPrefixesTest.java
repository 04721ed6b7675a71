package dev.troupe.cache.shared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cache.BlockPool;
import dev.troupe.cache.PrefixMatch;
import dev.troupe.cache.RadixTree;
import dev.troupe.cluster.message.TokenIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HotPrefixesTest {
    private static final long AGAIN = 1_000;

    private final RadixTree tree = new RadixTree(new BlockPool(100), "model");
    private final HotPrefixes hot = new HotPrefixes(5, AGAIN);

    private static TokenIds tokens(int count) {
        return TokenIds.of(IntStream.range(0, count).toArray());
    }

    private PrefixMatch match(TokenIds text) {
        tree.insert("t", text);
        PrefixMatch match = tree.find("t", text);
        match.release();
        return match;
    }

    private List<Integer> handedOut() {
        List<Integer> lengths = new ArrayList<>();
        for (Optional<HotPrefixes.Chunk> next = hot.next(); next.isPresent(); next = hot.next()) {
            assertThat(next.get().tenant()).isEqualTo("t");
            assertThat(next.get().prefix()).isEqualTo(tokens(next.get().prefix().size()));
            lengths.add(next.get().prefix().size());
        }
        return lengths;
    }

    @Test
    void eachWholeChunkIsHandedOutOnceHoweverOftenItIsHot() {
        hot.hot("t", tokens(150), match(tokens(150)), 0);
        hot.hot("t", tokens(150), match(tokens(150)), 1);
        assertThat(handedOut()).containsExactly(64, 128);

        hot.hot("t", tokens(200), match(tokens(200)), 2);
        assertThat(handedOut()).containsExactly(192);
    }

    @Test
    void afterAWhileItIsHandedOutAgain() {
        hot.hot("t", tokens(64), match(tokens(64)), 0);
        assertThat(handedOut()).containsExactly(64);

        hot.hot("t", tokens(64), match(tokens(64)), AGAIN - 1);
        assertThat(handedOut()).isEmpty();
        hot.hot("t", tokens(64), match(tokens(64)), AGAIN);
        assertThat(handedOut()).containsExactly(64);
    }

    @Test
    void whatCameFromThePoolIsNotOffered() {
        hot.inPool(match(tokens(192)), 64, 0);
        hot.hot("t", tokens(256), match(tokens(256)), 1);

        assertThat(handedOut()).containsExactly(64, 256);
    }

    @Test
    void noMoreThanSoManyWaitAndTheOthersMayComeLater() {
        hot.hot("t", tokens(448), match(tokens(448)), 0);
        assertThat(handedOut()).containsExactly(64, 128, 192, 256, 320);

        hot.hot("t", tokens(448), match(tokens(448)), 1);
        assertThat(handedOut()).contains(384, 448);
    }

    @Test
    void nothingIsKnownAfterClearing() {
        hot.hot("t", tokens(64), match(tokens(64)), 0);
        hot.clear();
        assertThat(handedOut()).isEmpty();
        hot.hot("t", tokens(64), match(tokens(64)), 1);
        assertThat(handedOut()).containsExactly(64);
    }
}
