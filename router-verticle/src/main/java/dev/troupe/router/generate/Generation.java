package dev.troupe.router.generate;

import dev.troupe.cache.PrefixHash;
import dev.troupe.cache.journal.JournalCommand.Addition;
import dev.troupe.cluster.Addresses;
import dev.troupe.cluster.Bus;
import dev.troupe.cluster.message.Admission;
import dev.troupe.cluster.message.Admission.Refused;
import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.Cancel;
import dev.troupe.cluster.message.ErrorCode;
import dev.troupe.cluster.message.ErrorCode.Blame;
import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.cluster.message.Heartbeat;
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
import dev.troupe.router.stream.GenerationTracker.Pending;
import io.vertx.core.AsyncResult;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One prompt on its way: asked of a replica, running there, moved to another when that is lost, over.
 *
 * <p>Once a replica has taken it, it ends well or at a deadline; before that the user may be told at once that nobody can.
 */
public final class Generation {
    private static final Logger log = LoggerFactory.getLogger(Generation.class);
    /** Replicas that are asked before the user hears of it. */
    private static final int MAX_REPLICAS = 3;
    /** Admission requests sent to one replica, since either the request or its answer may be lost. */
    private static final int SENDS = 2;
    /** Without a token, after which a stream whose replica has a queue looks for one that has none. */
    private static final long STARVED_MILLIS = 1_000;
    /** Attempts of one owner; the next owner's numbers begin after them, so that nobody needs to know the last one's. */
    private static final int EPOCHS_OF_A_TERM = 1 << 16;

    private final Pool pool;
    private final AckOutbox acks;
    private final GenerationSpec spec;
    private final GenerationListener listener;
    private final Consumer<Generation> onOver;
    private final Consumer<TokenBatch> onResent;
    private final Quarantine quarantine;
    private final int term;
    private final List<Long> digests;
    private final GenerationTracker tracker;
    private final Suspicion suspicion;
    private final long begunAt;
    private final Waiting waiting;
    private final Inquiry inquiry;
    private final Set<String> tried = new HashSet<>();

    private State state = State.ASKING;
    private ReplicaKey replica = new ReplicaKey("none", 0);
    private String nodeId = "";
    private boolean leaving;
    private boolean alone;
    private boolean moves;
    private boolean shed;
    private boolean told;

    private enum State {
        ASKING,
        RUNNING,
        /** For a replica; only a request that one had taken before. */
        WAITING,
        OVER
    }

    /**
     * What has come and is not known to be written down.
     *
     * @param additions the same, as the journal takes it
     */
    record Draft(List<Pending> pending, List<Addition> additions) {
        boolean isEmpty() {
            return pending.isEmpty();
        }
    }

    Generation(
            Pool pool,
            AckOutbox acks,
            GenerationSpec spec,
            GenerationListener listener,
            Consumer<Generation> onOver,
            Consumer<TokenBatch> onResent,
            Quarantine quarantine,
            Inheritance inheritance) {
        this.pool = pool;
        this.acks = acks;
        this.spec = spec;
        this.listener = listener;
        this.onOver = onOver;
        this.onResent = onResent;
        this.quarantine = quarantine;
        this.term = inheritance.term();
        this.told = inheritance.isInherited();
        this.moves = inheritance.isInherited();
        this.suspicion = new Suspicion(inheritance.deaths());
        this.waiting = new Waiting(pool.config().failoverTimeout().toMillis());
        this.digests = PrefixHash.digests(spec.model().card().fingerprint(), spec.tenant(), spec.prompt());
        List<ChoiceStream> choices = Stream.generate(() -> new ChoiceStream(
                        spec.model().tokenizer(), spec.stops(), spec.sampling().stopTokens()))
                .limit(spec.choices())
                .toList();
        this.tracker = new GenerationTracker(
                new Attempt(spec.requestId(), (term - 1) * EPOCHS_OF_A_TERM + 1),
                choices,
                pool.clock().getAsLong());
        this.inquiry = new Inquiry(pool, tracker, new Here());
        this.begunAt = pool.clock().getAsLong();
        tracker.restore(inheritance.written(), inheritance.cachedTokens());
    }

    String requestId() {
        return spec.requestId();
    }

    String streamId() {
        return spec.place().streamId();
    }

    /** Asks a replica, unless what was inherited is all there is to come. */
    void begin() {
        if (tracker.ended()) {
            settle();
        } else {
            submit(Refusals.noReplica(spec.model().id()));
        }
    }

    /** Picks a replica and asks it; the error is what the user hears when there is none left. */
    private void submit(ApiError otherwise) {
        boolean mayRun = !suspicion.mustRunAlone() || quarantine.enter(this);
        Optional<Replica> chosen = mayRun ? another() : Optional.empty();
        if (chosen.isPresent()) {
            state = State.ASKING;
            replica = chosen.get().key();
            nodeId = chosen.get().heartbeat().nodeId();
            leaving = false;
            alone = suspicion.mustRunAlone();
            suspicion.waits();
            if (alone) {
                // Nobody is before it, and a replica that has just come may die before its first word is here.
                suspicion.isComputed();
            }
            tried.add(replica.replicaId());
            pool.directory().sent(replica.replicaId(), spec.choices(), spec.cost());
            ask(SENDS);
        } else if (told || !mayRun) {
            state = State.WAITING;
            replica = new ReplicaKey("none", 0);
            nodeId = "";
            tried.clear();
            if (mayRun) {
                quarantine.leave(this);
                waiting.begin(otherwise, pool.clock().getAsLong());
            } else {
                waiting.queue(otherwise, pool.clock().getAsLong());
            }
        } else {
            fail(otherwise);
        }
    }

    /** The best one that has not been asked yet. */
    private Optional<Replica> another() {
        if (!told && tried.size() >= MAX_REPLICAS) {
            return Optional.empty();
        }
        List<Replica> candidates = pool
                .directory()
                .admitting(spec.model().card().fingerprint())
                .stream()
                .filter(candidate -> !tried.contains(candidate.id()))
                .toList();
        return Placement.choose(candidates, pool.directory().holders(digests), spec.affinity());
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
                spec.sampling(),
                told ? tracker.begunChoices() : List.of(),
                alone,
                spec.conversation().isPresent(),
                spec.share().within(timeLeft()));
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

    /** @return until its first token must be here; once it is, there is no deadline */
    private OptionalLong timeLeft() {
        OptionalLong given = spec.share().deadlineMillis();
        return given.isEmpty() || tracker.begun()
                ? OptionalLong.empty()
                : OptionalLong.of(
                        Math.max(0, begunAt + given.getAsLong() - pool.clock().getAsLong()));
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
            unanswered();
        }
    }

    /** Nobody there, or nobody there any more: when it was computed at once, it is a death when the cluster says so. */
    private void unanswered() {
        suspicion.leavesSilent(replica, nodeId);
        elsewhere(Refusals.noReplica(spec.model().id()));
    }

    private void refused(Refused refused) {
        ApiError error = Refusals.of(refused);
        if (refused.code() == ErrorCode.STALE_ATTEMPT) {
            taken();
        } else if (refused.code().blame() == Blame.CAPACITY) {
            elsewhere(error);
        } else {
            fail(error);
        }
    }

    private void running() {
        state = State.RUNNING;
        waiting.over();
        tried.clear();
        tried.add(replica.replicaId());
        tracker.heard(pool.clock().getAsLong());
        if (!told) {
            told = true;
            listener.admitted();
        } else if (moves) {
            listener.moved(spec.prompt().size() + tracker.receivedTokens());
        }
        moves = false;
    }

    /** The replica may have it after all, so it is told to stop, and the next attempt has another number. */
    private void elsewhere(ApiError otherwise) {
        sendCancel();
        moves = true;
        tracker.nextAttempt(pool.clock().getAsLong());
        submit(otherwise);
    }

    /**
     * Takes one run.
     *
     * @return false when it is of an attempt that nobody listens to any more
     */
    boolean accept(TokenRun run) {
        Arrival arrival = tracker.accept(run, pool.clock().getAsLong());
        switch (arrival) {
            case STRANGE -> {
                return false;
            }
            case GAP -> inquiry.resend(run.choice());
            case TAKEN -> arrived(run);
        }
        return true;
    }

    private void arrived(TokenRun run) {
        if (state == State.ASKING) {
            running();
        }
        suspicion.isComputed();
        if (!run.tokens().isEmpty()) {
            inquiry.gotOn();
            shed = false;
            suspicion.gotOn(run.tokens().size());
            if (!suspicion.mustRunAlone()) {
                quarantine.leave(this);
            }
        }
        if (run.finish().isPresent() && !GenerationTracker.isAnswer(run.finish().get())) {
            broken(run.finish().get());
        }
    }

    private void broken(FinishReason reason) {
        switch (reason) {
            case FAILED -> fail(Refusals.brokenOff());
            case OUT_OF_MEMORY -> fail(Refusals.outOfMemory());
            case LATE -> fail(Refusals.late());
            // The replica has given us up for dead, or gives up itself.
            case CANCELLED -> lost();
            case STOP, LENGTH -> throw new IllegalArgumentException(reason + " is an answer");
        }
    }

    Draft draft() {
        if (state == State.OVER) {
            return new Draft(List.of(), List.of());
        }
        List<Pending> pending = tracker.pending();
        return new Draft(pending, additions(pending));
    }

    private List<Addition> additions(List<Pending> pending) {
        return pending.stream().map(this::addition).toList();
    }

    private Addition addition(Pending pending) {
        return new Addition(
                streamId(),
                term,
                spec.place().firstChoice() + pending.choice(),
                spec.place().prompt(),
                tracker.cachedTokens(),
                pending.log());
    }

    /** @return what may be missing in the journal */
    public List<Addition> unwritten() {
        return additions(tracker.pending());
    }

    public int term() {
        return term;
    }

    /** @return prompt tokens that came from the prefix cache, as far as is known */
    public int cachedTokens() {
        return tracker.cachedTokens();
    }

    /** @return of all choices, up to the cut of each, so far */
    public int completionTokens() {
        return tracker.completionTokens();
    }

    void written(Draft draft) {
        tracker.written(draft.pending());
    }

    /** What is written down is told. */
    void release(Draft draft) {
        if (state == State.OVER) {
            return;
        }
        int tokens = tracker.release(draft.pending());
        if (tokens > 0) {
            listener.received(tokens);
        }
        for (Pending pending : draft.pending()) {
            Delta delta = tracker.take(pending.choice());
            if (!delta.isEmpty()) {
                listener.text(pending.choice(), delta);
            }
        }
        settle();
    }

    /** Tells the listener that this is all for now and, unless it is full, the batcher, when the acknowledgements are flushed. */
    private void settle() {
        listener.flush();
        if (tracker.ended()) {
            acks.add(replica.replicaId(), tracker.acksDue());
            if (!tracker.unfinished().isEmpty()) {
                sendCancel();
            }
            over();
            tellSpoken();
            listener.ended();
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

    /** The journal has nothing of it: the processes that had it died at about the same time. All of it is here, and is written again. */
    void missing() {
        if (state != State.OVER) {
            tracker.nothingIsWritten();
            listener.missing();
        }
    }

    /** Another router has it now, or it is over; what we still have of it is nobody's. */
    void taken() {
        if (state != State.OVER) {
            sendCancel();
            over();
            listener.taken();
        }
    }

    /** It waits in a queue while another replica has none. Once, until it has got on: it may be waiting for something else. */
    private boolean shouldBeShed() {
        return !shed && !tracker.complete() && pool.directory().hasRoomElsewhere(replica);
    }

    /** Those before it have come through, see {@link Quarantine}. */
    void itsTurn() {
        if (state == State.WAITING) {
            submit(waiting.reason());
        }
    }

    void sweep(long now) {
        if (state == State.RUNNING && tracker.silent(now, STARVED_MILLIS) && shouldBeShed()) {
            shed = true;
            elsewhere(Refusals.noReplica(spec.model().id()));
        } else if (state == State.RUNNING && inquiry.isDue(now)) {
            inquiry.probe();
        } else if (state == State.WAITING) {
            if (timeLeft().orElse(Long.MAX_VALUE) == 0) {
                fail(Refusals.late());
            } else if (waiting.isHopeless(now)) {
                fail(Refusals.noReplicaLeft(pool.config().failoverTimeout().toSeconds(), waiting.reason()));
            } else if (waiting.mayTry(now)) {
                submit(waiting.reason());
            }
        }
    }

    /** A replica says how it is. One that is leaving is left while there is another: at once by what has not begun, or when it asks for it. */
    void replicaIs(ReplicaKey key, Heartbeat.State its) {
        if (state == State.OVER) {
            return;
        }
        switch (its) {
            case READY, DRAINING, GONE -> suspicion.isWell(key);
            case EVACUATING -> {}
            case WORKER_LOST -> workerDied(key);
        }
        if (!replica.equals(key) || state == State.OVER) {
            return;
        }
        leaving = switch (its) {
            case READY -> false;
            case DRAINING, GONE -> true;
            case EVACUATING, WORKER_LOST -> leaving;
        };
        boolean leave =
                switch (its) {
                    case READY, GONE -> false;
                    case DRAINING -> state == State.RUNNING && !tracker.begun();
                    case EVACUATING, WORKER_LOST -> state == State.RUNNING && !tracker.complete();
                };
        if (leave && another().isPresent()) {
            if (!leaving) {
                suspicion.leavesSilent(key, nodeId);
            }
            elsewhere(Refusals.noReplica(spec.model().id()));
        }
    }

    private void workerDied(ReplicaKey key) {
        if (!replica.equals(key)) {
            if (suspicion.diedAfter(key)) {
                diedBehindIt();
            }
        } else if (!tracker.complete() && !refuseIf(suspicion.diedHere()) && mustLeaveTheOthers()) {
            lost();
        }
    }

    /** This life of a replica has ended, as it said itself; a running stream asks before it believes it. */
    void replicaGone(ReplicaKey gone) {
        if (replica.equals(gone)) {
            if (state == State.ASKING) {
                unanswered();
            } else if (state == State.RUNNING) {
                inquiry.probe();
            }
        }
    }

    /** A replica has missed its heartbeats. It may only be busy, so a request for which there is no other waits for its answer. */
    void replicaSilent(ReplicaKey silent) {
        if (!replica.equals(silent)) {
            return;
        }
        if (another().isPresent()) {
            // Dead, hung or only busy: it is a death when the cluster says so.
            suspicion.leavesSilent(silent, nodeId);
            lost();
        } else if (state == State.RUNNING) {
            inquiry.probe();
        }
    }

    void nodeLeft(String left) {
        boolean diedBehindIt = suspicion.diedAfter(left);
        if (state == State.OVER) {
            return;
        }
        if (!nodeId.equals(left)) {
            if (diedBehindIt) {
                diedBehindIt();
            }
        } else if (leaving || !refuseIf(suspicion.diedHere())) {
            lost();
        }
    }

    private void diedBehindIt() {
        if (!refuseIf(suspicion.died()) && mustLeaveTheOthers()) {
            lost();
        }
    }

    /** Others are beside it where it runs: the next death must not be theirs as well. */
    private boolean mustLeaveTheOthers() {
        return suspicion.mustRunAlone() && !alone;
    }

    /** This stream, as it is asked about. */
    private final class Here implements Inquiry.Subject {
        @Override
        public ReplicaKey replica() {
            return replica;
        }

        @Override
        public boolean runs(Attempt attempt) {
            return state == State.RUNNING && attempt.equals(tracker.attempt());
        }

        @Override
        public void alive() {
            if (!listener.full()) {
                acks.add(replica.replicaId(), tracker.allAcks());
                acks.flush();
            }
        }

        @Override
        public void resent(TokenBatch batch) {
            onResent.accept(batch);
        }

        @Override
        public void lost() {
            Generation.this.lost();
        }
    }

    private void tellSpoken() {
        for (int i = 0; i < spec.choices(); i++) {
            int choice = i;
            tracker.spoken(choice).ifPresent(tokens -> listener.spoken(choice, tokens));
        }
    }

    /** Its replica, or the worker of it, has died. @return whether it was of this request, which is over then */
    private boolean refuseIf(boolean guilty) {
        if (guilty) {
            log.warn("Request {} ran at three deaths in a row, the last time alone; it is refused", requestId());
            sendCancel();
            fail(Refusals.killsWorkers());
        } else if (suspicion.mustRunAlone()) {
            log.warn("Request {} ran at two deaths in a row; it runs alone next", requestId());
        }
        return guilty;
    }

    /** The work is gone, but what has come of it is here: another replica goes on from there. */
    private void lost() {
        inquiry.startAfresh();
        // All tokens are here; the rest is for the journal and the client.
        if (!tracker.complete()) {
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
        quarantine.leave(this);
        onOver.accept(this);
    }

    /** For tests and logs; says nothing of the text. */
    @Override
    public String toString() {
        return tracker.attempt() + " " + state + " at " + replica + ", " + tracker;
    }

    private void sendCancel() {
        if (state != State.WAITING) {
            pool.bus().send(Addresses.cancel(replica.replicaId()), new Cancel(tracker.attempt()));
        }
    }
}
