package dev.troupe.bench.scale;

import dev.troupe.cluster.message.Heartbeat;
import dev.troupe.router.replica.Placement;
import dev.troupe.router.replica.Replica;
import dev.troupe.router.replica.ReplicaDirectory;
import java.util.List;
import java.util.Optional;

/** One router: the loop that reads the bus, the loop that does everything else, and the real directory and placement. */
final class RouterModel {
    static final String MODEL = "model";
    private static final long SILENCE_MILLIS = 2_000;
    private static final double TOKENS_AN_ACK = 32;
    private static final double NANOS_A_MILLI = 1e6;

    private final Agenda agenda;
    private final Costs costs;
    private final int replicas;
    private final JournalModel journal;
    private final Station reading = new Station();
    private final Station loop = new Station();
    private final ReplicaDirectory directory = new ReplicaDirectory(SILENCE_MILLIS);
    private int streams;

    RouterModel(Agenda agenda, PoolPlan plan, JournalModel journal) {
        this.agenda = agenda;
        this.costs = plan.costs();
        this.replicas = plan.replicas();
        this.journal = journal;
    }

    /** What one message of tokens is when it comes out at the clients. */
    interface Delivery {
        /** @param at when the last of its tokens is written */
        void written(long at);
    }

    /** Where a request goes, for a batcher at the other end of the wire. */
    interface Asking {
        /** @param replica as its id says */
        void ask(int replica);
    }

    void heard(Heartbeat heartbeat) {
        long now = agenda.now();
        reading.serve(now, Costs.nanos(costs.heartbeatReceive()), Cause.HEARTBEATS);
        loop.serve(now, Costs.nanos(costs.heartbeatHeard()), Cause.HEARTBEATS);
        directory.heard(heartbeat, (long) (now / NANOS_A_MILLI));
    }

    /** A client asks. */
    void request(Job job, Asking asking) {
        streams++;
        long now = agenda.now();
        loop.serve(now, Costs.nanos(costs.request() + costs.send()), Cause.REQUESTS);
        double placement = costs.placement() + costs.placementPerReplica() * replicas;
        agenda.at(loop.serve(now, Costs.nanos(placement), Cause.PLACEMENT), () -> place(job, asking));
    }

    private void place(Job job, Asking asking) {
        List<Replica> candidates = directory.admitting(MODEL);
        Optional<Replica> chosen =
                Placement.choose(candidates, directory.holders(job.prompt.names()), "request-" + job.id);
        Replica replica = chosen.orElseThrow(() -> new IllegalStateException("requests came before the heartbeats"));
        directory.sent(replica.id(), 1, job.prompt.tokens() + job.output);
        Runnable ask = () -> agenda.at(
                agenda.now() + Costs.nanos(costs.network()), () -> asking.ask(Integer.parseInt(replica.id())));
        record(journal.operations(1, 1), ask);
    }

    /** A request is over, whatever became of it. */
    void over() {
        streams--;
        record(journal.operations(1, 1), () -> {});
    }

    /** One operation of the journal beside those of the tokens. */
    private void record(int operations, Runnable then) {
        if (operations == 0) {
            then.run();
        } else {
            loop.serve(agenda.now(), Costs.nanos(costs.journalCall()), Cause.JOURNAL);
            journal.append(operations, then);
        }
    }

    /**
     * Tokens of one step of one replica.
     *
     * @param delay until they are here
     */
    void take(int tokens, long delay, Delivery delivery) {
        long now = agenda.now();
        long read = reading.serve(now, Costs.nanos(costs.receive()), Cause.TOKENS) - now + delay;
        double acks = costs.send() * (1 - Math.pow(1 - 1 / TOKENS_AN_ACK, tokens));
        int operations = journal.operations(tokens, streams);
        if (operations == 0) {
            double work = acks + tokens * (costs.token() + costs.write());
            delivery.written(loop.serve(now, Costs.nanos(work), Cause.TOKENS) + read);
            return;
        }
        loop.serve(now, Costs.nanos(acks + tokens * costs.token()), Cause.TOKENS);
        long sent = loop.serve(now, Costs.nanos(operations * costs.journalCall()), Cause.JOURNAL);
        agenda.at(sent + read, () -> journal.append(operations, () -> write(tokens, delivery)));
    }

    private void write(int tokens, Delivery delivery) {
        delivery.written(loop.serve(agenda.now(), Costs.nanos(tokens * costs.write()), Cause.TOKENS));
    }

    Station reading() {
        return reading;
    }

    Station loop() {
        return loop;
    }
}
