package dev.troupe.bench.micro;

import dev.troupe.cluster.message.Heartbeat;
import dev.troupe.cluster.wire.Codecs;
import dev.troupe.cluster.wire.RecordCodec;
import dev.troupe.router.replica.ReplicaDirectory;
import dev.troupe.router.replica.ReplicaKey;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
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

/**
 * A heartbeat as bytes and back, and what a router does with it. From one to the next of a replica a few entries of the digest are new, as
 * many have gone, and the rest has moved by as many places.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class HeartbeatCost {
    private static final int REPLICAS = 1000;
    private static final int NEW_ENTRIES = 8;

    @Param({"0", "32", "256"})
    public int entries;

    private final RecordCodec<Heartbeat> codec = codec();
    private final ReplicaDirectory directory = new ReplicaDirectory(2_000);
    private final List<List<Long>> digests = new ArrayList<>();
    private Heartbeat heartbeat;
    private Buffer bytes;
    private long sequence;

    @SuppressWarnings("unchecked") // found by its type
    private static RecordCodec<Heartbeat> codec() {
        return (RecordCodec<Heartbeat>) Codecs.ALL.stream()
                .filter(codec -> codec.type().equals(Heartbeat.class))
                .findFirst()
                .orElseThrow();
    }

    @Setup
    public void make() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < REPLICAS; i++) {
            digests.add(random.longs(entries + NEW_ENTRIES).boxed().toList());
        }
        for (int i = 0; i < REPLICAS; i++) {
            heard();
        }
        heartbeat = next(0);
        bytes = encode();
    }

    private Heartbeat next(int replica) {
        int from = entries == 0 ? 0 : (int) (sequence / REPLICAS % 2) * NEW_ENTRIES;
        return new Heartbeat(
                "replica-" + replica,
                "node-" + replica,
                1,
                sequence,
                Heartbeat.State.READY,
                "model",
                "fingerprint",
                8192,
                new Heartbeat.Load(32, 4, 9_000, 0.5f),
                digests.get(replica).subList(from, from + entries));
    }

    @Benchmark
    public Buffer encode() {
        Buffer buffer = Buffer.buffer();
        codec.encodeToWire(buffer, heartbeat);
        return buffer;
    }

    @Benchmark
    public Heartbeat decode() {
        return codec.decodeFromWire(0, bytes);
    }

    /** With the making of the message, since the same one twice would be ignored. */
    @Benchmark
    public Optional<ReplicaKey> heard() {
        int replica = (int) (sequence % REPLICAS);
        sequence++;
        return directory.heard(next(replica), sequence);
    }
}
