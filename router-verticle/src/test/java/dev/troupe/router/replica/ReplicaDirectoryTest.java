package dev.troupe.router.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cache.PrefixHash;
import dev.troupe.cluster.message.Heartbeat;
import dev.troupe.cluster.message.Heartbeat.Full;
import dev.troupe.cluster.message.Heartbeat.State;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.tenant.Priority;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReplicaDirectoryTest {
    private final ReplicaDirectory directory = new ReplicaDirectory(2000);

    @Test
    void aReplicaThatMissesItsHeartbeatsIsForgottenAndTold() {
        directory.heard(beat("a", 1, 1, State.READY), 0);

        assertThat(directory.tick(2000)).isEmpty();
        assertThat(directory.tick(2001)).containsExactly(new ReplicaKey("a", 1));
        assertThat(directory.tick(2002)).isEmpty();
        assertThat(directory.admitting("f")).isEmpty();
    }

    @Test
    void lateHeartbeatsAndOlderLivesAreIgnored() {
        directory.heard(beat("a", 2, 5, State.READY), 0);

        directory.heard(beat("a", 2, 4, State.DRAINING), 1);
        directory.heard(beat("a", 1, 99, State.DRAINING), 1);

        assertThat(directory.admitting("f")).hasSize(1);
        assertThat(directory.tick(2001))
                .as("they do not count as signs of life")
                .hasSize(1);
    }

    @Test
    void aNewLifeEndsTheOldOne() {
        directory.heard(beat("a", 1, 5, State.READY), 0);

        assertThat(directory.heard(beat("a", 2, 1, State.READY), 1)).contains(new ReplicaKey("a", 1));
        assertThat(directory.heard(beat("a", 2, 2, State.READY), 2)).isEmpty();
    }

    @Test
    void oneThatDrainsIsNotChosenAndOneThatHasLeftIsNotRevived() {
        directory.heard(beat("a", 1, 1, State.DRAINING), 0);
        assertThat(directory.admitting("f")).isEmpty();
        assertThat(directory.models()).containsKey("m");

        assertThat(directory.heard(beat("a", 1, 3, State.GONE), 1)).contains(new ReplicaKey("a", 1));
        directory.heard(beat("a", 1, 2, State.READY), 2);

        assertThat(directory.admitting("f")).isEmpty();
        assertThat(directory.models()).isEmpty();
    }

    @Test
    void allReplicasOfAProcessLeaveWithIt() {
        directory.heard(beat("a", 1, 1, State.READY), 0);
        directory.heard(beat("b", 1, 1, State.READY), 0);

        assertThat(directory.nodeLeft("another")).isEmpty();
        assertThat(directory.nodeLeft("node")).hasSize(2);
        assertThat(directory.models()).isEmpty();
    }

    @Test
    void theLongestCachedPrefixIsChosenThenTheLeastLoad() {
        TokenIds prompt = TokenIds.of(IntStream.range(0, 100).toArray());
        List<Long> digests = PrefixHash.digests("f", "local", prompt);
        directory.heard(beat("cold", 0, 0, List.of()), 0);
        directory.heard(beat("warm", 1, 5000, List.of(digests.get(0))), 0);
        directory.heard(beat("hot", 2, 9000, List.of(digests.get(2))), 0);

        assertThat(chosen(digests)).isEqualTo("hot");
        assertThat(chosen(List.of())).isEqualTo("cold");
    }

    @Test
    void aPrefixDoesNotDrawEverybodyToABusyReplica() {
        List<Long> digests = List.of(7L);
        directory.heard(beat("cold", 0, 0, List.of()), 0);
        directory.heard(beat("hot", 5, 9000, List.of(7L)), 0);

        assertThat(chosen(digests)).isEqualTo("cold");
    }

    @Test
    void aBurstBetweenHeartbeatsIsShared() {
        directory.heard(beat("a", 0, 0, List.of()), 0);
        directory.heard(beat("b", 0, 0, List.of()), 0);
        int[] counts = new int[2];
        for (int i = 0; i < 100; i++) {
            Replica replica = Placement.choose(directory.admitting("f"), List.of(), "r" + i)
                    .orElseThrow();
            directory.sent(replica.id(), 1, 50);
            counts[replica.id().charAt(0) - 'a']++;
        }

        assertThat(counts).containsExactly(50, 50);
    }

    @Test
    void equalReplicasShareByRendezvous() {
        directory.heard(beat("a", 0, 0, List.of()), 0);
        directory.heard(beat("b", 0, 0, List.of()), 0);

        long first = IntStream.range(0, 1000)
                .filter(i -> Placement.choose(directory.admitting("f"), List.of(), "request-" + i)
                        .orElseThrow()
                        .id()
                        .equals("a"))
                .count();

        assertThat(first).isBetween(400L, 600L);
    }

    private String chosen(List<Long> digests) {
        return Placement.choose(directory.admitting("f"), directory.holders(digests), "r")
                .orElseThrow()
                .id();
    }

    @Test
    void whoQueuesShedsOnlyToWhoHasNoQueueAndMuchLessToDo() {
        ReplicaKey crowded = new ReplicaKey("crowded", 1);
        directory.heard(queue("crowded", 5, 1000), 0);
        assertThat(directory.hasRoomElsewhere(crowded))
                .as("nobody else is there")
                .isFalse();
        directory.heard(queue("busy", 0, 600), 0);
        assertThat(directory.hasRoomElsewhere(crowded))
                .as("it has half as much")
                .isFalse();
        directory.heard(queue("queueing", 1, 10), 0);
        assertThat(directory.hasRoomElsewhere(crowded)).as("it has a queue").isFalse();
        directory.heard(queue("fresh", 0, 100), 0);
        assertThat(directory.hasRoomElsewhere(crowded)).isTrue();
        assertThat(directory.hasRoomElsewhere(new ReplicaKey("busy", 1)))
                .as("nobody waits there")
                .isFalse();

        directory.sent("fresh", 1, 450);

        assertThat(directory.hasRoomElsewhere(crowded))
                .as("enough is on its way there")
                .isFalse();
    }

    @Test
    void aTenantIsTurnedAwayOnlyWhenEveryReplicaWouldRefuseIt() {
        directory.heard(full("a", new Full("heavy", Priority.STANDARD, 9_000)), 0);
        directory.heard(beat("b", 1, 1, State.READY), 0);
        assertThat(directory.fullFor("f", "heavy", Priority.STANDARD)).isEmpty();

        directory.heard(
                full("b", new Full("other", Priority.BATCH, 1), new Full("heavy", Priority.STANDARD, 4_000)), 0);

        assertThat(directory.fullFor("f", "heavy", Priority.STANDARD)).hasValue(4_000);
        assertThat(directory.fullFor("f", "heavy", Priority.INTERACTIVE)).isEmpty();
        assertThat(directory.fullFor("f", "light", Priority.STANDARD)).isEmpty();
        assertThat(directory.fullFor("of nobody", "heavy", Priority.STANDARD)).isEmpty();
    }

    private static Heartbeat full(String id, Full... full) {
        return new Heartbeat(
                id,
                "node",
                2,
                1,
                State.READY,
                "m",
                "f",
                100,
                new Heartbeat.Load(9, 99, 1, 0, List.of(full)),
                List.of());
    }

    private static Heartbeat queue(String id, int waiting, long outstanding) {
        return new Heartbeat(
                id,
                "node",
                1,
                1,
                State.READY,
                "m",
                "f",
                100,
                new Heartbeat.Load(9, waiting, outstanding, 0),
                List.of());
    }

    private static Heartbeat beat(String id, long incarnation, long sequence, State state) {
        return new Heartbeat(
                id, "node", incarnation, sequence, state, "m", "f", 100, new Heartbeat.Load(0, 0, 0, 0), List.of());
    }

    private static Heartbeat beat(String id, int running, long outstanding, List<Long> prefixes) {
        return new Heartbeat(
                id, "node", 1, 1, State.READY, "m", "f", 100, new Heartbeat.Load(running, 0, outstanding, 0), prefixes);
    }
}
