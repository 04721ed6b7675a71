package dev.troupe.router.generate;

import dev.troupe.cluster.Addresses;
import dev.troupe.cluster.message.Cancel;
import dev.troupe.cluster.message.TokenBatch;
import dev.troupe.cluster.message.TokenRun;
import dev.troupe.router.replica.ReplicaKey;
import java.util.HashMap;
import java.util.LinkedHashSet;
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
    private final Map<String, Generation> live = new HashMap<>();

    public Generations(Pool pool) {
        this.pool = pool;
        this.acks = new AckOutbox(pool.bus());
    }

    /** @return the generation, under way or already refused */
    public Generation start(GenerationSpec spec, GenerationListener listener) {
        Generation generation =
                new Generation(pool, acks, spec, listener, over -> live.remove(over.requestId()), this::take);
        live.put(spec.requestId(), generation);
        generation.submit(Refusals.noReplica(spec.model().id()));
        return generation;
    }

    /** Tokens have come, by themselves or because they were asked for again. */
    public void take(TokenBatch batch) {
        Set<Generation> touched = new LinkedHashSet<>();
        for (TokenRun run : batch.runs()) {
            Generation generation = live.get(run.attempt().requestId());
            if (generation != null && accept(generation, run)) {
                touched.add(generation);
            } else if (run.finish().isEmpty()) {
                pool.bus().send(Addresses.cancel(batch.replicaId()), new Cancel(run.attempt()));
            }
        }
        touched.forEach(generation -> guarded(generation, Generation::settle));
        acks.flush();
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

    /** A replica has said that it leaves, or has been born again. */
    public void replicaGone(ReplicaKey gone) {
        forAll(generation -> generation.replicaGone(gone));
    }

    /** A replica has not been heard of for too long. */
    public void replicaSilent(ReplicaKey silent) {
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
