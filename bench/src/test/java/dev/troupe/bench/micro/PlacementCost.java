package dev.troupe.bench.micro;

import dev.troupe.cache.PrefixHash;
import dev.troupe.cluster.message.Heartbeat;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.router.replica.Placement;
import dev.troupe.router.replica.Replica;
import dev.troupe.router.replica.ReplicaDirectory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a router does to find a replica for a prompt of 512 tokens, with 256 entries in everybody's digest. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PlacementCost {
    private static final int ENTRIES = 256;
    private static final int PROMPT = 513;
    private static final String MODEL = "fingerprint";

    @Param({"10", "100", "1000"})
    public int replicas;

    /** Who holds the first half of the prompt. */
    @Param({"nobody", "one", "all"})
    public String holders;

    private final ReplicaDirectory directory = new ReplicaDirectory(2_000);
    private final TokenIds prompt =
            TokenIds.of(new SplittableRandom(2).ints(PROMPT, 0, 49_152).toArray());
    private final List<Long> digests = PrefixHash.digests(MODEL, "tenant", prompt);
    private long requests;

    @Setup
    public void announce() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < replicas; i++) {
            List<Long> held = new ArrayList<>(random.longs(ENTRIES).boxed().toList());
            if (holders.equals("all") || (holders.equals("one") && i == replicas / 2)) {
                held.set(random.nextInt(ENTRIES), digests.get(digests.size() / 2));
            }
            directory.heard(
                    new Heartbeat(
                            "replica-" + i,
                            "node-" + i,
                            1,
                            1,
                            Heartbeat.State.READY,
                            "model",
                            MODEL,
                            8192,
                            new Heartbeat.Load(20 + random.nextInt(8), 0, 9_000 + random.nextInt(999), 0.5f),
                            Collections.unmodifiableList(held)),
                    0);
        }
    }

    @Benchmark
    public List<Long> names() {
        return PrefixHash.digests(MODEL, "tenant", prompt);
    }

    @Benchmark
    public Optional<Replica> choose() {
        return Placement.choose(directory.admitting(MODEL), directory.holders(digests), "chatcmpl-" + requests++);
    }
}
