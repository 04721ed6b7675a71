package dev.troupe.cache.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.HazelcastInstance;
import dev.troupe.cache.shared.PrefixSpace;
import dev.troupe.cluster.Cluster;
import dev.troupe.cluster.ClusterOptions;
import dev.troupe.cluster.message.TokenIds;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two members in one process. */
class HazelcastPrefixesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LIFETIME = Duration.ofMinutes(10);
    private static final PrefixSpace SPACE = new PrefixSpace("weights", "own", "tenant");
    private static final int CHUNK_BYTES = 10_000;

    private Cluster a;
    private Cluster b;

    @BeforeEach
    void start() throws Exception {
        a = start(List.of());
        b = start(List.of("127.0.0.1:" + a.port()));
    }

    private static Cluster start(List<String> join) throws Exception {
        return Cluster.start(new ClusterOptions("127.0.0.1", 26701, true, join, "prefixes-test"), new VertxOptions())
                .toCompletionStage()
                .toCompletableFuture()
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        for (Cluster cluster : List.of(a, b)) {
            cluster.leave().toCompletionStage().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static HazelcastPrefixes prefixes(Cluster cluster, long memory, PrefixTraffic traffic) {
        return new HazelcastPrefixes(cluster.hazelcast(), memory, LIFETIME, traffic);
    }

    private static TokenIds tokens(int first, int count) {
        return TokenIds.of(IntStream.range(first, first + count).toArray());
    }

    private static byte[] chunk(int of) {
        byte[] chunk = new byte[CHUNK_BYTES];
        Arrays.fill(chunk, (byte) of);
        return chunk;
    }

    private static List<byte[]> fetch(HazelcastPrefixes prefixes, PrefixSpace space, TokenIds prefix, int from)
            throws Exception {
        return prefixes.fetch(space, prefix, from).toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static void eventually(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static final class Counting implements PrefixTraffic {
        private final AtomicInteger stored = new AtomicInteger();
        private final AtomicInteger dropped = new AtomicInteger();
        private final AtomicInteger evicted = new AtomicInteger();

        @Override
        public void stored(int bytes) {
            stored.incrementAndGet();
        }

        @Override
        public void dropped() {
            dropped.incrementAndGet();
        }

        @Override
        public void fetched(long bytes, long nanos) {}

        @Override
        public void evicted() {
            evicted.incrementAndGet();
        }
    }

    @Test
    void whatOneMemberOffersAnotherFetchesUpToTheFirstGap() throws Exception {
        Counting traffic = new Counting();
        TokenIds text = tokens(0, 256);
        try (HazelcastPrefixes here = prefixes(a, 1 << 30, traffic);
                HazelcastPrefixes there = prefixes(b, 1 << 30, PrefixTraffic.NONE)) {
            here.offer(SPACE, text.slice(0, 64), chunk(1));
            here.offer(SPACE, text.slice(0, 128), chunk(2));
            here.offer(SPACE, text, chunk(4));
            here.offer(SPACE, text.slice(0, 64), chunk(9));
            eventually(() -> traffic.stored.get() == 3);

            assertThat(fetch(there, SPACE, text, 0)).containsExactly(chunk(1), chunk(2));
            assertThat(fetch(there, SPACE, text, 64)).containsExactly(chunk(2));
            assertThat(fetch(there, SPACE, text, 128)).as("a gap").isEmpty();
            assertThat(fetch(there, SPACE, text, 192)).containsExactly(chunk(4));
            assertThat(fetch(there, SPACE, tokens(1, 64), 0)).isEmpty();
        }
    }

    @Test
    void anotherTenantsEqualTextIsNotServedFromIt() throws Exception {
        Counting traffic = new Counting();
        TokenIds text = tokens(0, 64);
        try (HazelcastPrefixes here = prefixes(a, 1 << 30, traffic)) {
            here.offer(SPACE, text, chunk(1));
            eventually(() -> traffic.stored.get() == 1);

            assertThat(fetch(here, new PrefixSpace("weights", "own", "other"), text, 0))
                    .isEmpty();
            assertThat(fetch(here, new PrefixSpace("weights", "pytorch", "tenant"), text, 0))
                    .isEmpty();
            assertThat(fetch(here, SPACE, text, 0)).hasSize(1);
        }
    }

    /** Two different texts of one name do not come by; so an entry is put where it does not belong. */
    @Test
    void aNameThatFitsIsNoProof() throws Exception {
        Counting traffic = new Counting();
        TokenIds text = tokens(0, 64);
        PrefixSpace other = new PrefixSpace("weights", "own", "other");
        try (HazelcastPrefixes here = prefixes(a, 1 << 30, traffic)) {
            here.offer(other, text, chunk(1));
            eventually(() -> traffic.stored.get() == 1);
            var map = a.hazelcast().<String, byte[]>getMap(HazelcastPrefixes.CHUNKS);
            map.set(
                    SPACE.names(text).get(0).key(),
                    map.get(other.names(text).get(0).key()));

            assertThat(fetch(here, SPACE, text, 0)).isEmpty();
        }
    }

    @Test
    void everythingSurvivesTheEndOfEitherMember() throws Exception {
        Counting traffic = new Counting();
        TokenIds text = tokens(0, 64 * 40);
        HazelcastPrefixes here = prefixes(a, 1 << 30, traffic);
        try (HazelcastPrefixes there = prefixes(b, 1 << 30, PrefixTraffic.NONE)) {
            for (int i = 1; i <= 40; i++) {
                int stored = i;
                here.offer(SPACE, text.slice(0, 64 * i), chunk(i));
                eventually(() -> traffic.stored.get() == stored);
            }
            // The copies are on their way for some milliseconds.
            eventually(() -> backups(a) + backups(b) == 40);
            a.hazelcast().getLifecycleService().terminate();
            eventually(() -> b.size() == 1);

            assertThat(fetch(there, SPACE, text, 0)).hasSize(40);
        }
    }

    private static long backups(Cluster cluster) {
        return cluster.hazelcast()
                .getMap(HazelcastPrefixes.CHUNKS)
                .getLocalMapStats()
                .getBackupEntryCount();
    }

    @Test
    void everyMemberStaysBelowItsBoundAndKeepsWhatIsUsed() throws Exception {
        Counting traffic = new Counting();
        long memory = 30L * CHUNK_BYTES;
        TokenIds used = tokens(1_000_000, 64);
        try (HazelcastPrefixes here = prefixes(a, memory, traffic);
                HazelcastPrefixes there = prefixes(b, memory, traffic)) {
            here.offer(SPACE, used, chunk(1));
            for (int i = 0; i < 200; i++) {
                int stored = i + 2;
                here.offer(SPACE, tokens(i * 64, 64), chunk(i));
                eventually(() -> traffic.stored.get() == stored);
                // As a prefix that is in use: its last use is far newer than that of all the others.
                uses(a).set(SPACE.names(used).get(0).key(), System.currentTimeMillis() + 3_600_000);
            }
            eventually(() -> held(a.hazelcast()) <= memory && held(b.hazelcast()) <= memory);

            assertThat(traffic.evicted.get()).isGreaterThan(100);
            assertThat(here.heldBytes()).isPositive();
            assertThat(fetch(there, SPACE, used, 0)).containsExactly(chunk(1));
            assertThat(a.hazelcast().getMap(HazelcastPrefixes.CHUNKS).size()).isGreaterThan(15);
        }
    }

    private static com.hazelcast.map.IMap<String, Long> uses(Cluster cluster) {
        return cluster.hazelcast().getMap(HazelcastPrefixes.USES);
    }

    private static long held(HazelcastInstance member) {
        var stats = member.getMap(HazelcastPrefixes.CHUNKS).getLocalMapStats();
        return stats.getOwnedEntryMemoryCost() + stats.getBackupEntryMemoryCost();
    }

    @Test
    void moreOffersThanCanBeStoredAreDroppedAtOnce() throws Exception {
        Counting traffic = new Counting();
        byte[] large = new byte[4 << 20];
        try (HazelcastPrefixes here = prefixes(a, 1 << 30, traffic)) {
            for (int i = 0; i < 60; i++) {
                here.offer(SPACE, tokens(i * 64, 64), large);
            }
            eventually(() -> traffic.stored.get() + traffic.dropped.get() == 60);
        }
        assertThat(traffic.dropped.get()).isPositive();
        assertThat(traffic.stored.get()).isPositive();
    }

    @Test
    void chunksGoWhenTheirTimeIsOver() throws Exception {
        Counting traffic = new Counting();
        TokenIds text = tokens(0, 64);
        try (HazelcastPrefixes here = new HazelcastPrefixes(a.hazelcast(), 1 << 30, Duration.ofSeconds(2), traffic)) {
            here.offer(SPACE, text, chunk(1));
            eventually(() -> traffic.stored.get() == 1);

            eventually(() -> a.hazelcast()
                            .getMap(HazelcastPrefixes.CHUNKS)
                            .get(SPACE.names(text).get(0).key())
                    == null);
        }
    }
}
