package dev.troupe.router.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cache.PrefixHash;
import dev.troupe.cluster.message.Heartbeat;
import dev.troupe.cluster.message.Heartbeat.State;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PlacementTest {
    private static final int SILENCE = 2_000;

    private final ReplicaDirectory directory = new ReplicaDirectory(SILENCE);
    private long sequence;

    @Test
    void whatTheIndexFindsIsWhatALookIntoEveryDigestFinds() {
        Random random = new Random(7);
        for (int round = 0; round < 3_000; round++) {
            directory.heard(anyHeartbeat(random), round);
            List<Long> prompt =
                    LongStream.range(0, 1 + random.nextInt(8)).boxed().toList();
            List<Replica> candidates = new ArrayList<>(directory.admitting("f"));
            candidates.removeIf(candidate -> random.nextInt(5) == 0);

            int chosen = Placement.choose(candidates, directory.holders(prompt), "request")
                    .map(candidates::indexOf)
                    .orElse(-1);

            assertThat(chosen < 0).isEqualTo(candidates.isEmpty());
            if (chosen >= 0) {
                assertThat(worth(candidates.get(chosen), candidates, prompt))
                        .as("round %d", round)
                        .isEqualTo(candidates.stream()
                                .map(candidate -> worth(candidate, candidates, prompt))
                                .min(Comparator.comparing((List<Long> worth) -> worth.get(0))
                                        .thenComparing(worth -> worth.get(1)))
                                .orElseThrow());
            }
        }
    }

    /** The rule as the class tells it: cached tokens, unless the replica is busy, then tokens to do. Less is better. */
    private static List<Long> worth(Replica replica, List<Replica> candidates, List<Long> prompt) {
        int least = candidates.stream().mapToInt(Replica::sequences).min().orElse(0);
        long cached = replica.sequences() > 4 + 2 * least
                ? 0
                : PrefixHash.cachedTokens(
                        prompt, new HashSet<>(replica.heartbeat().prefixes()));
        return List.of(-cached, replica.outstandingTokens());
    }

    private Heartbeat anyHeartbeat(Random random) {
        List<Long> prefixes = random.longs(random.nextInt(4), 0, 8).boxed().toList();
        return beat("r" + random.nextInt(6), random.nextInt(12), random.nextInt(3) * 100L, prefixes);
    }

    @Test
    void whoForgetsAPrefixIsNotChosenForIt() {
        directory.heard(beat("a", 0, 500, List.of(1L, 2L)), 0);
        directory.heard(beat("b", 0, 0, List.of(1L)), 0);
        assertThat(chosen(List.of(1L, 2L))).isEqualTo("a");

        directory.heard(beat("a", 0, 500, List.of(3L)), 1);

        assertThat(chosen(List.of(1L, 2L))).isEqualTo("b");
    }

    @Test
    void prefixesOfReplicasThatAreGoneAreForgottenWithThem() {
        directory.heard(beat("silent", 0, 0, List.of(1L, 2L)), 0);
        directory.heard(beat("present", 0, 0, List.of(2L, 3L)), SILENCE);
        assertThat(directory.knownPrefixes()).isEqualTo(3);

        directory.tick(SILENCE + 1);
        assertThat(directory.knownPrefixes()).isEqualTo(2);

        directory.nodeLeft("node");
        assertThat(directory.knownPrefixes()).isZero();
    }

    @Test
    void ofManyHoldersTheLeastLoadedIsChosen() {
        IntStream.range(0, 100).forEach(i -> directory.heard(beat("r" + i, 1, 1_000 - i, List.of(1L)), 0));

        assertThat(chosen(List.of(1L))).isEqualTo("r99");
    }

    private String chosen(List<Long> prompt) {
        return Placement.choose(directory.admitting("f"), directory.holders(prompt), "request")
                .orElseThrow()
                .id();
    }

    private Heartbeat beat(String id, int running, long outstanding, List<Long> prefixes) {
        return new Heartbeat(
                id,
                "node",
                1,
                ++sequence,
                State.READY,
                "m",
                "f",
                100,
                new Heartbeat.Load(running, 0, outstanding, 0),
                prefixes);
    }
}
