package dev.troupe.router.generate;

import dev.troupe.cluster.Addresses;
import dev.troupe.cluster.message.Cancel;
import dev.troupe.cluster.message.Heartbeat;
import dev.troupe.cluster.message.TokenBatch;
import dev.troupe.cluster.message.TokenRun;
import dev.troupe.router.replica.ReplicaKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All generations of a router by request id, and the one address that their tokens come to. */
public final class Generations {
    private static final Logger log = LoggerFactory.getLogger(Generations.class);

    private final Pool pool;
    private final AckOutbox acks;
    private final JournalRounds rounds;
    private final Quarantine quarantine = new Quarantine();
    private final Map<String, Generation> live = new HashMap<>();
    private final Set<ReplicaKey> notReady = new HashSet<>();

    public Generations(Pool pool) {
        this.pool = pool;
        this.acks = new AckOutbox(pool.bus());
        this.rounds = new JournalRounds(pool, acks::flush);
    }

    /** @return the generation, under way or already refused */
    public Generation start(GenerationSpec spec, GenerationListener listener) {
        return start(spec, listener, Inheritance.NONE);
    }

    /** @param inheritance what another router has made of it already */
    public Generation start(GenerationSpec spec, GenerationListener listener, Inheritance inheritance) {
        Generation generation = new Generation(
                pool,
                acks,
                spec,
                listener,
                over -> live.remove(over.requestId(), over),
                this::take,
                quarantine,
                inheritance);
        live.put(spec.requestId(), generation);
        guarded(generation, Generation::begin);
        return generation;
    }

    /** Tokens have come, by themselves or because they were asked for again. */
    public void take(TokenBatch batch) {
        for (TokenRun run : batch.runs()) {
            Generation generation = live.get(run.attempt().requestId());
            if (generation != null && accept(generation, run)) {
                rounds.add(generation);
            } else if (run.finish().isEmpty()) {
                pool.bus().send(Addresses.cancel(batch.replicaId()), new Cancel(run.attempt()));
            }
        }
        rounds.start();
    }

    private static boolean accept(Generation generation, TokenRun run) {
        try {
            return generation.accept(run);
        } catch (RuntimeException e) {
            failed(generation, e);
            return true;
        }
    }

    /** A fault in one stream must not take along the others of its message. */
    private static void guarded(Generation generation, Consumer<Generation> action) {
        try {
            action.accept(generation);
        } catch (RuntimeException e) {
            failed(generation, e);
        }
    }

    private static void failed(Generation generation, RuntimeException failure) {
        log.error("Request {} failed in the router", generation.requestId(), failure);
        generation.abort(Refusals.internal());
    }

    public void sweep(long now) {
        forAll(generation -> generation.sweep(now));
    }

    /** A replica says how it is. */
    public void replicaIs(ReplicaKey key, Heartbeat.State state) {
        if (state != Heartbeat.State.READY || notReady.contains(key)) {
            forAll(generation -> generation.replicaIs(key, state));
        }
        if (state == Heartbeat.State.READY || state == Heartbeat.State.GONE) {
            notReady.remove(key);
        } else {
            notReady.add(key);
        }
    }

    /** A replica has said that it leaves, or has been born again. */
    public void replicaGone(ReplicaKey gone) {
        forAll(generation -> generation.replicaGone(gone));
    }

    /** A replica has not been heard of for too long. */
    public void replicaSilent(ReplicaKey silent) {
        notReady.add(silent);
        forAll(generation -> generation.replicaSilent(silent));
    }

    public void nodeLeft(String nodeId) {
        forAll(generation -> generation.nodeLeft(nodeId));
    }

    private void forAll(Consumer<Generation> action) {
        List.copyOf(live.values()).forEach(generation -> guarded(generation, action));
    }

    /** @return how many are under way */
    public int size() {
        return live.size();
    }
}
