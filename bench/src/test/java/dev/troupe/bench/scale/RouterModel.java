package dev.troupe.bench.scale;

import dev.troupe.cluster.message.Heartbeat;
import dev.troupe.router.replica.Placement;
import dev.troupe.router.replica.Replica;
import dev.troupe.router.replica.ReplicaDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** One router: the loop that reads the bus, the loop that does everything else, and the real directory and placement. */
final class RouterModel {
    static final String MODEL = "model";
    private static final long SILENCE_MILLIS = 2_000;
    private static final double TOKENS_AN_ACK = 32;
    private static final double NANOS_A_MILLI = 1e6;

    private final Agenda agenda;
    private final Costs costs;
    private final int replicas;
    private final ReplicaDirectory prefixes;
    private final JournalModel journal;
    private final int sample;
    private final SplittableRandom random;
    private final Station reading = new Station();
    private final Station loop = new Station();
    /** Threads enough: what they do is counted, and nobody waits for it. */
    private final Station elsewhere = new Station();

    private final ReplicaDirectory directory = new ReplicaDirectory(SILENCE_MILLIS);
    private int streams;

    /** @param prefixes whom to ask who holds a prompt's prefixes */
    RouterModel(
            Agenda agenda, PoolPlan plan, ReplicaDirectory prefixes, JournalModel journal, SplittableRandom random) {
        this.agenda = agenda;
        this.costs = plan.costs();
        this.replicas = plan.replicas();
        this.prefixes = prefixes;
        this.journal = journal;
        this.sample = plan.sample();
        this.random = random;
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
        elsewhere.serve(now, Costs.nanos(costs.requestElsewhere()), Cause.REQUESTS);
        double placement = costs.placement() + costs.placementPerReplica() * replicas;
        agenda.at(loop.serve(now, Costs.nanos(placement), Cause.PLACEMENT), () -> place(job, asking));
    }

    private void place(Job job, Asking asking) {
        List<Set<String>> holders = prefixes.holders(job.prompt.names());
        Optional<Replica> chosen = Placement.choose(candidates(holders), holders, "request-" + job.id);
        Replica replica = chosen.orElseThrow(() -> new IllegalStateException("requests came before the heartbeats"));
        directory.sent(replica.id(), 1, job.prompt.tokens() + job.output);
        Runnable ask = () -> agenda.at(
                agenda.now() + Costs.nanos(costs.network()), () -> asking.ask(Integer.parseInt(replica.id())));
        record(journal.operations(1, 1), ask);
    }

    private List<Replica> candidates(List<Set<String>> holders) {
        List<Replica> all = directory.admitting(MODEL);
        if (sample == 0) {
            return all;
        }
        Set<String> held = holders.stream().flatMap(Set::stream).collect(Collectors.toSet());
        List<Replica> some = random.ints(sample, 0, all.size())
                .distinct()
                .mapToObj(all::get)
                .filter(replica -> !held.contains(replica.id()))
                .collect(Collectors.toCollection(ArrayList::new));
        all.stream().filter(replica -> held.contains(replica.id())).forEach(some::add);
        return some;
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
            call(operations);
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
        // Of many streams somebody is always due, and one message takes all who are.
        double acks = costs.send() * Math.min(1, tokens / TOKENS_AN_ACK);
        int operations = journal.operations(tokens, streams);
        if (operations == 0) {
            double work = acks + tokens * (costs.token() + costs.write());
            delivery.written(loop.serve(now, Costs.nanos(work), Cause.TOKENS) + read);
            return;
        }
        loop.serve(now, Costs.nanos(acks + tokens * costs.token()), Cause.TOKENS);
        long sent = call(operations);
        agenda.at(sent + read, () -> journal.append(operations, () -> write(tokens, delivery)));
    }

    private long call(int operations) {
        elsewhere.serve(agenda.now(), Costs.nanos(operations * costs.journalElsewhere()), Cause.JOURNAL);
        return loop.serve(agenda.now(), Costs.nanos(operations * costs.journalCall()), Cause.JOURNAL);
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

    Station elsewhere() {
        return elsewhere;
    }
}
