package dev.troupe.bench.wire;

import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.MapConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.IMap;
import dev.troupe.bench.load.Samples;
import dev.troupe.cluster.Cluster;
import java.io.IOException;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What appending a step's tokens to a map entry costs: an entry processor sent without waiting, one synchronous backup where there is
 * another member. An entry holds what 64 streams of some two hundred tokens are.
 */
public final class JournalCost {
    private static final int SECONDS = Integer.getInteger("seconds", 5);
    private static final int WARM_SECONDS = Integer.getInteger("warm", 10);
    private static final int SEGMENTS = Integer.getInteger("segments", 64);
    private static final int SEGMENT_BYTES = Integer.getInteger("bytes", 48 << 10);
    private static final int TOKENS = Integer.getInteger("tokens", 32);
    private static final int BYTES_A_TOKEN = 12;
    private static final int AT_ONCE = Integer.getInteger("atOnce", 64);

    private static final List<InMemoryFormat> FORMATS = List.of(InMemoryFormat.OBJECT, InMemoryFormat.BINARY);

    private JournalCost() {}

    /** A part of the journal, whose older half makes room for what is new when it is full. */
    static final class Segment implements Serializable {
        private static final long serialVersionUID = 1;
        private final byte[] bytes = new byte[SEGMENT_BYTES];
        private int length = SEGMENT_BYTES / 2;

        void append(byte[] more) {
            if (length + more.length > bytes.length) {
                length = bytes.length / 2;
            }
            System.arraycopy(more, 0, bytes, length, more.length);
            length += more.length;
        }
    }

    /** Runs where the entry is, and again where its backup is. */
    static final class Append implements EntryProcessor<String, Segment, Integer> {
        private static final long serialVersionUID = 1;
        private final byte[] tokens;

        Append(byte[] tokens) {
            this.tokens = tokens.clone();
        }

        @Override
        public Integer process(Map.Entry<String, Segment> entry) {
            Segment segment = entry.getValue() == null ? new Segment() : entry.getValue();
            segment.append(tokens);
            entry.setValue(segment);
            return segment.length;
        }
    }

    /** @param args none */
    public static void main(String[] args) throws IOException, InterruptedException {
        Cluster here =
                Peer.member(List.of(), Peer.clusterName(ProcessHandle.current().pid()));
        System.out.printf(
                "%d segments of %d KB, %d tokens an append; us an append%n", SEGMENTS, SEGMENT_BYTES >> 10, TOKENS);
        measure("alone", here, null);
        try (Peer peer = new Peer(here)) {
            measure("two members", here, peer);
        } finally {
            Peer.await(here.leave());
        }
    }

    /** To be done on each member before the maps are used. */
    static void configure(HazelcastInstance member) {
        for (InMemoryFormat format : FORMATS) {
            member.getConfig()
                    .addMapConfig(new MapConfig(mapName(format))
                            .setInMemoryFormat(format)
                            .setBackupCount(1));
        }
    }

    private static String mapName(InMemoryFormat format) {
        return "bench-journal-" + format;
    }

    private static void measure(String members, Cluster here, Peer peer) throws InterruptedException {
        for (InMemoryFormat format : FORMATS) {
            IMap<String, Segment> map = here.hazelcast().getMap(mapName(format));
            run(map, AT_ONCE, WARM_SECONDS);
            Peer.Cost there = peer == null ? new Peer.Cost(0, 0, 0) : peer.cost();
            Peer.Cost before = Peer.costHere();
            long callerBefore = callerNanos();
            Samples many = run(map, AT_ONCE, SECONDS);
            Peer.Cost spent = Peer.costHere().minus(before);
            Peer.Cost spentThere =
                    peer == null ? new Peer.Cost(0, 0, 0) : peer.cost().minus(there);
            long caller = callerNanos() - callerBefore;
            Samples one = run(map, 1, SECONDS);
            System.out.printf(
                    Locale.ROOT,
                    "%s, %s: %.0f a second with %d at once, processor here %.1f (of it the caller %.1f) there %.1f;"
                            + " one at a time p50 %.0f p99 %.0f%n",
                    members,
                    format,
                    many.count() / (double) SECONDS,
                    AT_ONCE,
                    spent.process() / 1e3 / many.count(),
                    caller / 1e3 / many.count(),
                    spentThere.process() / 1e3 / many.count(),
                    one.percentile(50),
                    one.percentile(99));
        }
    }

    /** @return processor time of this thread, which does for the journal what a router's loop would */
    private static long callerNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** @return microseconds from the sending to the answer, of each */
    private static Samples run(IMap<String, Segment> map, int atOnce, int seconds) throws InterruptedException {
        byte[] tokens = new byte[TOKENS * BYTES_A_TOKEN];
        Semaphore room = new Semaphore(atOnce);
        double[] micros = new double[seconds * 200_000];
        int count = 0;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < end && count < micros.length) {
            room.acquire();
            int index = count++;
            long begun = System.nanoTime();
            map.submitToKey("segment-" + index % SEGMENTS, new Append(tokens)).whenComplete((length, failure) -> {
                micros[index] = (System.nanoTime() - begun) / 1e3;
                room.release();
            });
        }
        room.acquire(atOnce);
        return Samples.of(Arrays.copyOf(micros, count));
    }
}
