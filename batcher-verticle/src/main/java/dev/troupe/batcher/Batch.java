package dev.troupe.batcher;

import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.TokenBatch;
import dev.troupe.cluster.message.TokenRun;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Who is where. A live sequence either waits without a slot or runs in one. An ended one that the worker knows is leaving, and keeps its
 * slot until a plan has said so; one that the worker does not know is gone at once.
 */
final class Batch {
    private final String replicaId;
    private final KvAccounting kv;
    private final PoolSharing sharing;
    private final SchedulerMetrics metrics;
    private final FairQueue waiting;
    private final Pace pace = new Pace();
    /** By arrival, so that the youngest is the last. */
    private final TreeMap<Long, Sequence> running = new TreeMap<>();

    private final Map<Sequence, Optional<FinishReason>> leaving = new LinkedHashMap<>();
    private final List<Outgoing> outbox = new ArrayList<>();

    Batch(
            ReplicaSpec replica,
            BatcherConfig config,
            SharingConfig sharing,
            long incarnation,
            SchedulerMetrics metrics) {
        this.waiting = new FairQueue(config.ageMillis());
        this.replicaId = replica.replicaId();
        this.kv = new KvAccounting(replica);
        this.sharing = new PoolSharing(sharing, kv, incarnation, metrics);
        this.metrics = metrics;
    }

    FairQueue waiting() {
        return waiting;
    }

    Pace pace() {
        return pace;
    }

    Collection<Sequence> running() {
        return running.values();
    }

    KvAccounting kv() {
        return kv;
    }

    PoolSharing sharing() {
        return sharing;
    }

    boolean isEmpty() {
        return running.isEmpty() && waiting.size() == 0 && leaving.isEmpty();
    }

    /** @return false, and nothing done, when there is no room */
    boolean run(Sequence sequence, PlanBuilder plan, long nowMillis) {
        boolean first = !sequence.everStarted();
        if (!kv.place(sequence, plan)) {
            return false;
        }
        waiting.takes(sequence, nowMillis);
        running.put(sequence.id(), sequence);
        sharing.fetches().noLongerWaits(sequence);
        metrics.prefixQueried(sequence.length(), sequence.computed());
        if (first) {
            waiting.begins(sequence);
            pace.started(waiting.size() > 0, nowMillis);
            sharing.begins(sequence, nowMillis);
            metrics.started(nowMillis - sequence.queuedAtMillis());
        }
        return true;
    }

    /** Takes the slot; the text stays, and what fits into the cache makes the return cheap. */
    void preempt(Sequence sequence, PlanBuilder plan, long nowMillis) {
        kv.remember(sequence, plan);
        kv.free(sequence);
        running.remove(sequence.id());
        waitAnew(sequence, nowMillis);
        metrics.preempted();
    }

    private void waitAnew(Sequence sequence, long nowMillis) {
        sequence.waitsSince(nowMillis);
        waiting.add(sequence);
    }

    /** @param tell what its router must still be told; absent when it knows or must not hear of it */
    void end(Sequence sequence, Optional<FinishReason> tell) {
        sequence.end();
        waiting.remove(sequence);
        if (waiting.size() == 0) {
            pace.nobodyWaits();
        }
        running.remove(sequence.id());
        sharing.fetches().noLongerWaits(sequence);
        if (sequence.known()) {
            leaving.put(sequence, tell);
        } else {
            // It may have got its slot, and no rows yet.
            if (sequence.hasSlot()) {
                kv.free(sequence);
            }
            tell.ifPresent(reason -> farewell(sequence, reason));
        }
    }

    /** The worker has ended a sequence by itself while its end was asked for. */
    void toldAlready(Sequence sequence) {
        leaving.replace(sequence, Optional.empty());
    }

    /** Lets the ended go, slots and all. */
    void leave(PlanBuilder plan, long nowMillis) {
        leaving.forEach((sequence, tell) -> {
            if (sequence.hasSlot()) {
                kv.remember(sequence, plan);
                if (sequence.hasTurnEnded()) {
                    sharing.turnEnded(sequence, nowMillis);
                }
                kv.free(sequence);
            }
            plan.end(sequence, tell);
        });
        leaving.clear();
    }

    /** The worker has forgotten everything: all that ran waits again, and who was leaving is gone. */
    void startOver(long nowMillis) {
        for (Sequence sequence : running.values()) {
            kv.free(sequence);
            waitAnew(sequence, nowMillis);
        }
        running.clear();
        waiting.all().forEach(Sequence::forgotten);
        leaving.forEach((sequence, tell) -> {
            if (sequence.hasSlot()) {
                kv.free(sequence);
            }
            tell.ifPresent(reason -> farewell(sequence, reason));
        });
        leaving.clear();
        kv.forgetPrefixes();
        sharing.forget();
        // The pool may still have what the worker had.
        waiting.all().forEach(sequence -> sharing.waits(sequence, nowMillis));
    }

    void farewell(Sequence sequence, FinishReason reason) {
        tell(sequence.request().message().routerId(), List.of(sequence.farewell(reason)));
    }

    /** Tells the routers of those among them that are computed for the first time. */
    void begin(Collection<Sequence> computing) {
        computing.stream()
                .filter(Sequence::begins)
                .collect(Collectors.groupingBy(
                        sequence -> sequence.request().message().routerId(),
                        LinkedHashMap::new,
                        Collectors.mapping(Sequence::beginning, Collectors.toList())))
                .forEach(this::tell);
    }

    private void tell(String routerId, List<TokenRun> runs) {
        outbox.add(new Outgoing(routerId, new TokenBatch(replicaId, runs)));
    }

    List<Outgoing> takeOutbox() {
        List<Outgoing> taken = List.copyOf(outbox);
        outbox.clear();
        return taken;
    }
}
