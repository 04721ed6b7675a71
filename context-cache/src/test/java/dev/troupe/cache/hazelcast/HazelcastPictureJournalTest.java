package dev.troupe.cache.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cache.journal.Bytes;
import dev.troupe.cache.journal.Outcome;
import dev.troupe.cache.picture.Headway;
import dev.troupe.cache.picture.JournaledPicture;
import dev.troupe.cache.picture.PictureEntry.Verdict;
import dev.troupe.cache.picture.PictureHead;
import dev.troupe.cache.picture.PictureJournal;
import dev.troupe.cache.picture.PoolPicture;
import dev.troupe.cluster.Cluster;
import dev.troupe.cluster.ClusterOptions;
import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.cluster.picture.LatentCheckpoint;
import dev.troupe.cluster.picture.PictureSource;
import dev.troupe.cluster.picture.PictureType;
import io.vertx.core.VertxOptions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two real members. */
class HazelcastPictureJournalTest {
    private static final List<Cluster> MEMBERS = new ArrayList<>();
    private static final EncodedPicture FILE = new EncodedPicture(PictureType.PNG, new byte[] {1, 2, 3});
    private static final Headway ON_ITS_WAY =
            new Headway("r1", 4, 20, 1, 3, Optional.of(new LatentCheckpoint(4, new float[] {1}, new float[] {2})));
    private final PictureJournal here = journal(0);
    private final PictureJournal there = journal(1);

    @BeforeAll
    static void join() throws Exception {
        MEMBERS.add(member(List.of()));
        MEMBERS.add(member(List.of("127.0.0.1:" + MEMBERS.get(0).port())));
    }

    @AfterAll
    static void leave() {
        MEMBERS.forEach(Cluster::leave);
    }

    @Test
    void whatOneRouterWritesAnotherTakesOverWhole() throws Exception {
        PictureHead head = head("img_over");
        await(here.open(head, "a", 1, Headway.NONE));
        assertThat(await(here.advance("img_over", "a", 1, ON_ITS_WAY))).isEqualTo(Verdict.DONE);
        assertThat(await(there.owners())).contains("a");

        List<JournaledPicture> taken = await(there.takeOver("a", "b"));

        assertThat(taken).containsExactly(new JournaledPicture(head, "b", "a", 2, ON_ITS_WAY, false, Optional.empty()));
        assertThat(await(here.advance("img_over", "a", 1, Headway.NONE))).isEqualTo(Verdict.TAKEN);
        assertThat(await(there.seal("img_over", "b", 2))).isEqualTo(Verdict.DONE);
        assertThat(await(there.close("img_over", "b", 2, Outcome.DONE))).isEqualTo(Verdict.DONE);
        assertThat(await(here.read("img_over", "t")).orElseThrow().outcome()).contains(Outcome.DONE);
        assertThat(await(there.owners())).doesNotContain("a", "b");
    }

    @Test
    void severalThatTakeOverAtOnceShare() throws Exception {
        for (int i = 0; i < 10; i++) {
            await(here.open(head("img_share" + i), "dead", 1, Headway.NONE));
        }

        CompletionStage<List<JournaledPicture>> one = here.takeOver("dead", "c");
        CompletionStage<List<JournaledPicture>> other = there.takeOver("dead", "d");

        List<JournaledPicture> all = new ArrayList<>(await(one));
        all.addAll(await(other));
        Set<String> ids = new HashSet<>();
        all.forEach(order -> ids.add(order.head().id()));
        assertThat(all).hasSize(10);
        assertThat(ids).hasSize(10);
    }

    @Test
    void cancelTellsWhoHadIt() throws Exception {
        await(here.open(head("img_cancel"), "a2", 1, Headway.NONE));

        assertThat(await(there.cancel("img_cancel", "t")).orElseThrow().owner()).isEqualTo("a2");
        assertThat(await(here.seal("img_cancel", "a2", 1))).isEqualTo(Verdict.TAKEN);
        assertThat(await(there.cancel("img_nobody", "t"))).isEmpty();
        assertThat(await(here.advance("img_nobody", "a2", 1, Headway.NONE))).isEqualTo(Verdict.MISSING);
    }

    @Test
    void picturesAreKeptOnceAndFoundEverywhere() throws Exception {
        HazelcastPictures mine = new HazelcastPictures(MEMBERS.get(0).hazelcast(), ForkJoinPool.commonPool());
        HazelcastPictures theirs = new HazelcastPictures(MEMBERS.get(1).hazelcast(), ForkJoinPool.commonPool());
        PoolPicture second = kept("img_k2", 2);
        PoolPicture first = kept("img_k1", 1);
        await(mine.keep(second, FILE));
        await(mine.keep(first, FILE));
        await(theirs.keep(first, new EncodedPicture(PictureType.PNG, new byte[] {9})));

        assertThat(await(theirs.find("t", "img_k1"))).contains(first);
        assertThat(await(theirs.content("t", "img_k1"))).contains(FILE);
        assertThat(await(theirs.find("other", "img_k1"))).isEmpty();
        assertThat(await(theirs.content("other", "img_k1"))).isEmpty();
        assertThat(await(theirs.conversation("t", "conv"))).containsExactly(first, second);
        assertThat(await(mine.delete("other", "img_k1"))).isFalse();
        assertThat(await(mine.delete("t", "img_k1"))).isTrue();
        assertThat(await(theirs.content("t", "img_k1"))).isEmpty();
    }

    private static PoolPicture kept(String id, long number) {
        return new PoolPicture(
                id, "t", Optional.of("conv"), number, Bytes.of(new byte[] {5}), FILE.size(), List.of("cut"));
    }

    private static PictureHead head(String id) {
        return new PictureHead(
                id, "t", Bytes.of(new byte[] {7}), Optional.of(new PictureSource(FILE, Optional.of(FILE), 0.5)));
    }

    private static PictureJournal journal(int member) {
        return new HazelcastPictureJournal(MEMBERS.get(member).hazelcast(), ForkJoinPool.commonPool());
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static Cluster member(List<String> join) throws Exception {
        ClusterOptions options = new ClusterOptions(
                "127.0.0.1",
                16_741,
                true,
                join,
                "picture-journal-test-" + ProcessHandle.current().pid());
        return Cluster.start(options, new VertxOptions())
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }
}
