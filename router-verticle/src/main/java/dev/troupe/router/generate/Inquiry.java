package dev.troupe.router.generate;

import dev.troupe.cluster.Addresses;
import dev.troupe.cluster.Bus;
import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.Resend;
import dev.troupe.cluster.message.StreamProbe;
import dev.troupe.cluster.message.StreamState;
import dev.troupe.cluster.message.TokenBatch;
import dev.troupe.router.replica.ReplicaKey;
import dev.troupe.router.stream.GenerationTracker;
import io.vertx.core.AsyncResult;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What is asked of a replica about a stream that has fallen silent, or of which something is missing, and for how long it is asked. */
final class Inquiry {
    /** Questions without an answer, or answers without what was missing, after which a stream of a silent replica is lost. */
    private static final int PATIENCE = 3;
    /** The same while the replica's heartbeats come: messages were lost, and the next may get through. */
    private static final int PATIENCE_WITH_THE_LIVING = 15;
    /** A stream that waits and waits is asked about less and less often, but several times before its batcher takes its router for dead. */
    private static final int LONGEST_SILENCES = 8;

    private final Pool pool;
    private final GenerationTracker tracker;
    private final Subject subject;
    private final Set<Integer> resending = new HashSet<>();
    private boolean probing;
    private long patience;
    private int fruitless;

    /** The stream that is asked about. */
    interface Subject {
        ReplicaKey replica();

        /** @return whether it runs there, and still in that attempt */
        boolean runs(Attempt attempt);

        /** Its replica has it, and has nothing to say. */
        void alive();

        /** What was missing, perhaps. */
        void resent(TokenBatch batch);

        /** Its replica does not have it, or does not answer. */
        void lost();
    }

    Inquiry(Pool pool, GenerationTracker tracker, Subject subject) {
        this.pool = pool;
        this.tracker = tracker;
        this.subject = subject;
        this.patience = silence();
    }

    private long silence() {
        return pool.config().streamSilence().toMillis();
    }

    /** Tokens have come. */
    void gotOn() {
        fruitless = 0;
        patience = silence();
    }

    /** It goes on elsewhere. */
    void startAfresh() {
        fruitless = 0;
    }

    boolean isDue(long now) {
        return tracker.silent(now, patience);
    }

    void probe() {
        if (probing) {
            return;
        }
        probing = true;
        Attempt probed = tracker.attempt();
        pool.bus()
                .request(
                        Addresses.probe(subject.replica().replicaId()),
                        new StreamProbe(probed),
                        pool.config().streamSilence())
                .onComplete(answer -> {
                    probing = false;
                    if (subject.runs(probed)) {
                        probed(answer);
                    }
                });
    }

    private void probed(AsyncResult<StreamState> answer) {
        if (answer.failed()) {
            if (Bus.nobodyThere(answer.cause()) || outOfPatience()) {
                subject.lost();
            }
            return;
        }
        tracker.heard(pool.clock().getAsLong());
        switch (answer.result().status()) {
            case ALIVE -> {
                fruitless = 0;
                patience = Math.min(2 * patience, LONGEST_SILENCES * silence());
                subject.alive();
                askForWhatIsBehind(answer.result().generated());
            }
            case ENDED -> tracker.unfinished().forEach(this::resend);
            case UNKNOWN -> subject.lost();
        }
    }

    /** The last tokens may have been lost, after which the worker has no credit to send more, and so shows no gap. */
    private void askForWhatIsBehind(List<Integer> generated) {
        for (int choice : tracker.unfinished()) {
            if (choice < generated.size()
                    && generated.get(choice) > tracker.resend(choice).from()) {
                resend(choice);
            }
        }
    }

    private boolean outOfPatience() {
        fruitless++;
        return fruitless >= (pool.directory().knows(subject.replica()) ? PATIENCE_WITH_THE_LIVING : PATIENCE);
    }

    /** Asks for what is missing of a choice. */
    void resend(int choice) {
        if (!resending.add(choice)) {
            return;
        }
        Resend question = tracker.resend(choice);
        pool.bus()
                .request(
                        Addresses.resend(subject.replica().replicaId()),
                        question,
                        pool.config().streamSilence())
                .onComplete(answer -> {
                    resending.remove(choice);
                    if (answer.succeeded()) {
                        subject.resent(answer.result());
                    }
                    boolean stillMissing = subject.runs(question.attempt()) && question.equals(tracker.resend(choice));
                    if (stillMissing && outOfPatience()) {
                        subject.lost();
                    }
                });
    }
}
