package dev.troupe.cache.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cache.journal.Heads;
import dev.troupe.cache.journal.Journal;
import dev.troupe.cache.journal.Journal.Appended;
import dev.troupe.cache.journal.Journal.Claim;
import dev.troupe.cache.journal.JournaledStream;
import dev.troupe.cache.journal.Outcome;
import dev.troupe.cache.journal.StreamIds;
import dev.troupe.cluster.Cluster;
import dev.troupe.cluster.ClusterOptions;
import dev.troupe.cluster.Maps;
import dev.troupe.cluster.message.TokenIds;
import io.vertx.core.VertxOptions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two real members. */
class HazelcastJournalTest {
    private static final List<Cluster> MEMBERS = new ArrayList<>();
    private final StreamIds ids = new StreamIds();
    private final AtomicLong clock = new AtomicLong(1_700_000_000_000L);
    private final Journal here = journal(0);
    private final Journal there = journal(1);

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
    void whatIsLostIsToldAndOpenedAgainWithItsTermGoesOn() throws Exception {
        String id = open();
        await(here.takeOver("a", "b"));
        MEMBERS.get(0).hazelcast().getMap(Maps.JOURNAL).clear();

        assertThat(await(there.append("b", List.of(Heads.addition(id, 2, 0, 5)))))
                .isEqualTo(new Appended(Set.of(), Set.of(id)));
        await(there.open(Heads.of(id, "t"), "b", 2));
        assertThat(await(there.append("b", List.of(Heads.addition(id, 2, 0, 5)))))
                .isEqualTo(Appended.ALL);
        assertThat(await(here.append("a", List.of(Heads.addition(id, 1, 0, 5)))).taken())
                .containsExactly(id);
        await(here.cancel(id, "t"));
    }

    @Test
    void whatOneWritesTheOtherReads() throws Exception {
        String id = open();

        assertThat(await(here.append("a", List.of(Heads.addition(id, 1, 0, 5, 6)))))
                .isEqualTo(Appended.ALL);

        JournaledStream read = await(there.read(id, "t", List.of(1))).orElseThrow();
        assertThat(read.head()).isEqualTo(Heads.of(id, "t"));
        assertThat(read.choices().get(0).tokens()).isEqualTo(TokenIds.of(6));
        assertThat(await(there.read(id, "other", List.of()))).isEmpty();
        assertThat(await(there.read("chatcmpl-nothing", "t", List.of()))).isEmpty();
    }

    @Test
    void oneOfManyTakesOverAndTheOldOwnerHearsOfIt() throws Exception {
        List<String> opened = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            opened.add(open());
        }
        assertThat(await(there.owners())).contains("a");

        CompletionStage<List<JournaledStream>> first = here.takeOver("a", "b");
        CompletionStage<List<JournaledStream>> second = there.takeOver("a", "c");
        Set<String> taken = new HashSet<>();
        await(first).forEach(stream -> assertThat(taken.add(stream.head().streamId()))
                .isTrue());
        await(second).forEach(stream -> assertThat(taken.add(stream.head().streamId()))
                .isTrue());

        assertThat(taken).containsAll(opened);
        assertThat(await(here.append("a", List.of(Heads.addition(opened.get(7), 1, 0, 5))))
                        .taken())
                .containsExactly(opened.get(7));
        for (String id : opened) {
            await(here.cancel(id, "t"));
        }
    }

    @Test
    void aClosedRequestIsKeptAndThenForgotten() throws Exception {
        String id = open();
        assertThat(await(here.close(id, "a", 1, List.of(Heads.last(id, 1, 0, 9)), Outcome.DONE)))
                .isTrue();

        assertThat(await(there.read(id, "t", List.of())).orElseThrow().outcome())
                .contains(Outcome.DONE);
        clock.addAndGet(1_000);
        here.prune();
        there.prune();

        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (await(there.read(id, "t", List.of())).isPresent()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            // Each member prunes on a thread of its own, which tells nobody when it is done.
            Thread.sleep(20);
        }
    }

    @Test
    void aNameIsBoundOnceAndFreeAgainWhenItIsReleased() throws Exception {
        Claim mine = new Claim("one", "hash");
        Claim other = new Claim("two", "hash");

        assertThat(await(here.claim("t", "name", mine))).isEqualTo(mine);
        assertThat(await(there.claim("t", "name", other))).isEqualTo(mine);
        assertThat(await(there.claim("u", "name", other)))
                .as("another tenant's")
                .isEqualTo(other);
        await(there.release("t", "name", other));
        assertThat(await(here.claim("t", "name", other))).isEqualTo(mine);
        await(here.release("t", "name", mine));
        assertThat(await(there.claim("t", "name", other))).isEqualTo(other);
    }

    private String open() throws Exception {
        String id = ids.next("chatcmpl");
        await(here.open(Heads.of(id, "t"), "a", 1));
        return id;
    }

    private Journal journal(int member) {
        return new HazelcastJournal(MEMBERS.get(member).hazelcast(), ForkJoinPool.commonPool(), clock::get);
    }

    private static Cluster member(List<String> join) throws Exception {
        ClusterOptions options = new ClusterOptions(
                "127.0.0.1",
                16_701,
                true,
                join,
                "journal-test-" + ProcessHandle.current().pid());
        return Cluster.start(options, new VertxOptions())
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }

    private static <T> T await(CompletionStage<T> stage)
            throws InterruptedException, ExecutionException, TimeoutException {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
