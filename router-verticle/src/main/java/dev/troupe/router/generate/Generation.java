package dev.troupe.router.generate;

import dev.troupe.cache.PrefixHash;
import dev.troupe.cluster.Addresses;
import dev.troupe.cluster.Bus;
import dev.troupe.cluster.message.Admission;
import dev.troupe.cluster.message.Admission.Refused;
import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.Cancel;
import dev.troupe.cluster.message.ErrorCode.Blame;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.cluster.message.Resend;
import dev.troupe.cluster.message.StreamProbe;
import dev.troupe.cluster.message.StreamState;
import dev.troupe.cluster.message.TokenBatch;
import dev.troupe.cluster.message.TokenRun;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.replica.Placement;
import dev.troupe.router.replica.Replica;
import dev.troupe.router.replica.ReplicaKey;
import dev.troupe.router.stream.ChoiceStream;
import dev.troupe.router.stream.Delta;
import dev.troupe.router.stream.GenerationTracker;
import dev.troupe.router.stream.GenerationTracker.Arrival;
import io.vertx.core.AsyncResult;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** One prompt on its way: asked of a replica, running there, over. */
public final class Generation {
    /** Replicas that are asked before the user hears of it. */
    private static final int MAX_REPLICAS = 3;
    /** Admission requests sent to one replica, since either the request or its answer may be lost. */
    private static final int SENDS = 2;
    /** Questions without an answer, or answers without what was missing, after which a stream of a silent replica is lost. */
    private static final int PATIENCE = 3;
    /** The same while the replica's heartbeats come: messages were lost, and the next may get through. */
    private static final int PATIENCE_WITH_THE_LIVING = 15;
    /** A stream that waits and waits is asked about less and less often, but several times before its batcher takes its router for dead. */
    private static final int LONGEST_SILENCES = 8;

    private final Pool pool;
    private final AckOutbox acks;
    private final GenerationSpec spec;
    private final GenerationListener listener;
    private final Consumer<Generation> onOver;
    private final Consumer<TokenBatch> onResent;
    private final List<Long> digests;
    private final GenerationTracker tracker;
    private final Set<String> tried = new HashSet<>();
    private final Set<Integer> resending = new HashSet<>();

    private State state = State.ASKING;
    private ReplicaKey replica = new ReplicaKey("none", 0);
    private String nodeId = "";
    private boolean told;
    private boolean probing;
    private long patience;
    private int fruitless;

    private enum State {
        ASKING,
        RUNNING,
        OVER
    }

    Generation(
            Pool pool,
            AckOutbox acks,
            GenerationSpec spec,
            GenerationListener listener,
            Consumer<Generation> onOver,
            Consumer<TokenBatch> onResent) {
        this.pool = pool;
        this.acks = acks;
        this.spec = spec;
        this.listener = listener;
        this.onOver = onOver;
        this.onResent = onResent;
        this.patience = pool.config().streamSilence().toMillis();
        this.digests = PrefixHash.digests(spec.model().card().fingerprint(), spec.tenant(), spec.prompt());
        List<ChoiceStream> choices = Stream.generate(() -> new ChoiceStream(
                        spec.model().tokenizer(), spec.stops(), spec.sampling().stopTokens()))
                .limit(spec.choices())
                .toList();
        this.tracker = new GenerationTracker(
                new Attempt(spec.requestId(), 1), choices, pool.clock().getAsLong());
    }

    String requestId() {
        return spec.requestId();
    }

    /** Picks a replica and asks it; the error is what the user hears when there is none left. */
    void submit(ApiError otherwise) {
        Optional<Replica> chosen = another();
        if (chosen.isEmpty()) {
            fail(otherwise);
            return;
        }
        state = State.ASKING;
        replica = chosen.get().key();
        nodeId = chosen.get().heartbeat().nodeId();
        tried.add(replica.replicaId());
        pool.directory().sent(replica.replicaId(), spec.choices(), spec.cost());
        ask(SENDS);
    }

    /** The best one that has not been asked yet. */
    private Optional<Replica> another() {
        if (tried.size() >= MAX_REPLICAS) {
            return Optional.empty();
        }
        List<Replica> candidates = pool
                .directory()
                .admitting(spec.model().card().fingerprint())
                .stream()
                .filter(candidate -> !tried.contains(candidate.id()))
                .toList();
        return Placement.choose(candidates, digests, spec.requestId());
    }

    private void ask(int sends) {
        Attempt asked = tracker.attempt();
        GenerateRequest request = new GenerateRequest(
                asked.requestId(),
                asked.epoch(),
                spec.tenant(),
                pool.routerId(),
                spec.prompt(),
                spec.choices(),
                spec.sampling());
        pool.bus()
                .request(
                        Addresses.batcher(replica.replicaId()),
                        request,
                        pool.config().admissionTimeout())
                .onComplete(answer -> {
                    if (state == State.ASKING && asked.equals(tracker.attempt())) {
                        answered(answer, sends);
                    }
                });
    }

    private void answered(AsyncResult<Admission> answer, int sends) {
        if (answer.succeeded()) {
            if (answer.result() instanceof Refused refused) {
                refused(refused);
            } else {
                running();
            }
        } else if (!Bus.nobodyThere(answer.cause()) && sends > 1) {
            ask(sends - 1);
        } else {
            elsewhere(Refusals.noReplica(spec.model().id()));
        }
    }

    private void refused(Refused refused) {
        ApiError error = Refusals.of(refused);
        if (refused.code().blame() == Blame.CAPACITY) {
            elsewhere(error);
        } else {
            fail(error);
        }
    }

    private void running() {
        state = State.RUNNING;
        tracker.heard(pool.clock().getAsLong());
        if (!told) {
            told = true;
            listener.admitted();
        }
    }

    /** The replica may have it after all, so it is told to stop, and the next attempt has another number. */
    private void elsewhere(ApiError otherwise) {
        sendCancel();
        tracker.nextAttempt(pool.clock().getAsLong());
        state = State.ASKING;
        submit(otherwise);
    }

    /**
     * Takes one run and tells the text that it makes ready.
     *
     * @return false when it is of an attempt that nobody listens to any more
     */
    boolean accept(TokenRun run) {
        int before = tracker.completionTokens();
        Arrival arrival = tracker.accept(run, pool.clock().getAsLong());
        switch (arrival) {
            case STRANGE -> {
                return false;
            }
            case GAP -> resend(run.choice());
            case TAKEN -> taken(run.choice(), tracker.completionTokens() - before);
        }
        return true;
    }

    private void taken(int choice, int tokens) {
        if (state == State.ASKING) {
            running();
        }
        if (tokens > 0) {
            fruitless = 0;
            patience = pool.config().streamSilence().toMillis();
            listener.received(tokens);
        }
        if (tracker.broken()) {
            fail(tracker.outOfMemory() ? Refusals.outOfMemory() : Refusals.brokenOff());
            return;
        }
        Delta delta = tracker.take(choice);
        if (!delta.isEmpty()) {
            listener.text(choice, delta);
        }
    }

    /** All runs of one message are taken: tell the listener and, unless it is full, the batcher, when the acknowledgements are flushed. */
    void settle() {
        if (state == State.OVER) {
            return;
        }
        listener.flush();
        if (tracker.ended()) {
            acks.add(replica.replicaId(), tracker.acksDue());
            if (!tracker.unfinished().isEmpty()) {
                sendCancel();
            }
            over();
            tellSpoken();
            listener.ended(tracker.cachedTokens(), tracker.completionTokens());
        } else {
            acknowledge();
        }
    }

    private void acknowledge() {
        if (state == State.RUNNING && !listener.full()) {
            acks.add(replica.replicaId(), tracker.acksDue());
        }
    }

    /** The listener has room again. */
    public void resume() {
        acknowledge();
        acks.flush();
    }

    /** Nobody listens any more. */
    public void cancel() {
        if (state != State.OVER) {
            sendCancel();
            over();
        }
    }

    void sweep(long now) {
        if (state == State.RUNNING && tracker.silent(now, patience)) {
            probe();
        }
    }

    /** This life of a replica has ended, as it said itself; a running stream asks before it believes it. */
    void replicaGone(ReplicaKey gone) {
        if (replica.equals(gone)) {
            if (state == State.ASKING) {
                elsewhere(Refusals.noReplica(spec.model().id()));
            } else if (state == State.RUNNING) {
                probe();
            }
        }
    }

    /** A replica has missed its heartbeats. It may only be busy, so a request for which there is no other waits for its answer. */
    void replicaSilent(ReplicaKey silent) {
        if (state == State.RUNNING || another().isPresent()) {
            replicaGone(silent);
        }
    }

    void nodeLeft(String left) {
        if (nodeId.equals(left) && state != State.OVER) {
            lost();
        }
    }

    private void probe() {
        if (probing) {
            return;
        }
        probing = true;
        Attempt probed = tracker.attempt();
        pool.bus()
                .request(
                        Addresses.probe(replica.replicaId()),
                        new StreamProbe(probed),
                        pool.config().streamSilence())
                .onComplete(answer -> {
                    probing = false;
                    if (state == State.RUNNING && probed.equals(tracker.attempt())) {
                        probed(answer);
                    }
                });
    }

    private void probed(AsyncResult<StreamState> answer) {
        if (answer.failed()) {
            if (Bus.nobodyThere(answer.cause()) || outOfPatience()) {
                lost();
            }
            return;
        }
        tracker.heard(pool.clock().getAsLong());
        switch (answer.result().status()) {
            case ALIVE -> {
                fruitless = 0;
                patience = Math.min(
                        2 * patience,
                        LONGEST_SILENCES * pool.config().streamSilence().toMillis());
                if (!listener.full()) {
                    acks.add(replica.replicaId(), tracker.allAcks());
                    acks.flush();
                }
            }
            case ENDED -> tracker.unfinished().forEach(this::resend);
            case UNKNOWN -> lost();
        }
    }

    private boolean outOfPatience() {
        fruitless++;
        return fruitless >= (pool.directory().knows(replica) ? PATIENCE_WITH_THE_LIVING : PATIENCE);
    }

    private void resend(int choice) {
        if (state == State.OVER || !resending.add(choice)) {
            return;
        }
        Resend question = tracker.resend(choice);
        pool.bus()
                .request(
                        Addresses.resend(replica.replicaId()),
                        question,
                        pool.config().streamSilence())
                .onComplete(answer -> {
                    resending.remove(choice);
                    if (answer.succeeded()) {
                        onResent.accept(answer.result());
                    }
                    if (state != State.OVER && question.equals(tracker.resend(choice)) && outOfPatience()) {
                        lost();
                    }
                });
    }

    private void tellSpoken() {
        for (int i = 0; i < spec.choices(); i++) {
            int choice = i;
            tracker.spoken(choice).ifPresent(tokens -> listener.spoken(choice, tokens));
        }
    }

    /** The work is gone. While no token has come, another replica can begin anew; moving a stream that has begun goes here too. */
    private void lost() {
        if (tracker.begun()) {
            sendCancel();
            fail(Refusals.replicaLost());
        } else {
            elsewhere(Refusals.replicaLost());
        }
    }

    /** Ends with an error, once. */
    void fail(ApiError error) {
        if (state != State.OVER) {
            over();
            listener.failed(error);
        }
    }

    /** Our own fault: the replica is told to stop, and the user what happened. */
    void abort(ApiError error) {
        sendCancel();
        fail(error);
    }

    private void over() {
        state = State.OVER;
        onOver.accept(this);
    }

    private void sendCancel() {
        pool.bus().send(Addresses.cancel(replica.replicaId()), new Cancel(tracker.attempt()));
    }
}
