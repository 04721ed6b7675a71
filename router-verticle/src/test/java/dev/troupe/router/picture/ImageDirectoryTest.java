package dev.troupe.router.picture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cluster.message.Heartbeat.State;
import dev.troupe.cluster.message.PictureHeartbeat;
import dev.troupe.cluster.picture.PictureModel;
import dev.troupe.router.replica.ReplicaKey;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ImageDirectoryTest {
    private final ImageDirectory directory = new ImageDirectory(2_000);

    @Test
    void leastToDoIsChosenAndWhatWasSentCountsAtOnce() {
        heard("a", 1, 1, State.READY, 100);
        heard("b", 1, 1, State.READY, 90);
        assertThat(chosen("x")).isEqualTo("b");

        directory.sent("b", 20);

        assertThat(chosen("x")).isEqualTo("a");
        heard("b", 1, 2, State.READY, 0);
        assertThat(chosen("x")).isEqualTo("b");
    }

    @Test
    void equalsSharePicturesAndTheSamePictureGoesToTheSame() {
        heard("a", 1, 1, State.READY, 0);
        heard("b", 1, 1, State.READY, 0);
        Set<String> used = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            used.add(chosen("img_" + i));
            assertThat(chosen("img_" + i)).isEqualTo(chosen("img_" + i));
        }

        assertThat(used).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void whoDoesNotAdmitOrHasRefusedIsNotAsked() {
        heard("a", 1, 1, State.DRAINING, 0);
        heard("b", 1, 1, State.READY, 50);

        assertThat(chosen("x")).isEqualTo("b");
        assertThat(directory.choose("m", "x", Set.of("b"))).isEmpty();
        assertThat(directory.choose("other", "x", Set.of())).isEmpty();
        assertThat(directory.models()).hasSize(1);
    }

    @Test
    void lateHeartbeatReplacesNothingAndANewLifeEndsTheOld() {
        heard("a", 2, 5, State.READY, 7);
        assertThat(directory.heard(heartbeat("a", 2, 4, State.DRAINING, 0), 0)).isEmpty();
        assertThat(directory.heard(heartbeat("a", 1, 9, State.GONE, 0), 0)).isEmpty();
        assertThat(directory.state(new ReplicaKey("a", 2))).contains(State.READY);

        assertThat(directory.heard(heartbeat("a", 3, 1, State.READY, 0), 0)).contains(new ReplicaKey("a", 2));
        assertThat(directory.state(new ReplicaKey("a", 2))).isEmpty();
    }

    @Test
    void silentAndLostAreForgotten() {
        directory.heard(heartbeat("a", 1, 1, State.READY, 0), 0);
        directory.heard(heartbeat("b", 1, 1, State.READY, 0), 1_000);

        assertThat(directory.tick(2_500)).containsExactly(new ReplicaKey("a", 1));
        assertThat(directory.nodeLeft("node-b")).containsExactly(new ReplicaKey("b", 1));
        assertThat(directory.models()).isEmpty();
    }

    private String chosen(String picture) {
        return directory.choose("m", picture, Set.of()).orElseThrow().id();
    }

    private void heard(String id, long incarnation, long sequence, State state, long rowSteps) {
        directory.heard(heartbeat(id, incarnation, sequence, state, rowSteps), 0);
    }

    private static PictureHeartbeat heartbeat(String id, long incarnation, long sequence, State state, long rowSteps) {
        return new PictureHeartbeat(
                id,
                "node-" + id,
                incarnation,
                sequence,
                state,
                new PictureModel("m", "f", List.of(new PictureModel.Size(64, 64)), List.of("euler"), 20, 7.5, false),
                new PictureHeartbeat.Load(0, 0, rowSteps));
    }
}
