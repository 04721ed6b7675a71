package dev.troupe.bench.scale;

import dev.troupe.cluster.message.Heartbeat;
import dev.troupe.router.replica.ReplicaDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Replicas, routers, their messages and the journal, put together. */
final class PoolModel {
    private static final long HEARTBEAT_NANOS = 500_000_000;
    private static final int DIGEST_ENTRIES = 256;
    private static final double NANOS_A_MILLI = 1e6;

    private final PoolPlan plan;
    private final Costs costs;
    private final Load load;
    private final Agenda agenda = new Agenda();
    private final SplittableRandom random;
    /** What all routers know of cached prefixes: the same, since they hear of it at the same time. Loads each counts for itself. */
    private final ReplicaDirectory prefixes = new ReplicaDirectory(Long.MAX_VALUE);

    private final JournalModel journal;
    private final List<RouterModel> routers;
    private final List<Node> nodes = new ArrayList<>();
    private final Tally tally;
    private int stepping;
    private long jobs;

    PoolModel(PoolPlan plan, Load load, long seed, Bounds bounds) {
        this.plan = plan;
        this.costs = plan.costs();
        this.load = load;
        this.random = new SplittableRandom(seed);
        this.journal = new JournalModel(agenda, plan, random.split());
        this.routers = Stream.generate(() -> new RouterModel(agenda, plan, prefixes, journal, random.split()))
                .limit(plan.routers())
                .toList();
        for (int i = 0; i < plan.replicas(); i++) {
            nodes.add(new Node(i));
        }
        this.tally = new Tally(bounds);
    }

    /**
     * What counts as a good request, in milliseconds.
     *
     * @param token of the tokens after the first, in the mean
     */
    record Bounds(double firstToken, double token) {}

    /** A replica's process: its device, and the loop that speaks to the others. */
    private final class Node {
        private final int number;
        private final ReplicaModel replica = new ReplicaModel(plan.profile(), plan.routers());
        private final Station device = new Station();
        private final Station bus = new Station();
        private final long[] lastWritten = new long[plan.routers()];
        private boolean busy;
        private long heartbeats;

        Node(int number) {
            this.number = number;
        }

        void beat() {
            heartbeats++;
            prefixes.heard(heartbeat(replica.digest(DIGEST_ENTRIES)), heartbeats);
            bus.serve(agenda.now(), Costs.nanos(costs.send() * routers.size()), Cause.HEARTBEATS);
            Heartbeat load = heartbeat(List.of());
            routers.forEach(router -> router.heard(load));
            agenda.at(agenda.now() + HEARTBEAT_NANOS, this::beat);
        }

        private Heartbeat heartbeat(List<Long> digest) {
            return new Heartbeat(
                    String.valueOf(number),
                    String.valueOf(number),
                    1,
                    heartbeats,
                    Heartbeat.State.READY,
                    RouterModel.MODEL,
                    RouterModel.MODEL,
                    plan.profile().slabTokens(),
                    replica.load(),
                    digest);
        }

        void take(Job job) {
            bus.serve(agenda.now(), Costs.nanos(costs.admission()), Cause.REQUESTS);
            if (replica.admit(job)) {
                step();
            } else {
                over(job, false);
            }
        }

        private void step() {
            if (busy || !replica.hasWork()) {
                return;
            }
            busy = true;
            stepping++;
            long nanos = Math.round(replica.begin() * NANOS_A_MILLI * crowding());
            agenda.at(device.serve(agenda.now(), nanos, Cause.STEPS), this::made);
        }

        /** Who shares a machine with others that compute has less of it. */
        private double crowding() {
            return plan.cores() == 0 ? 1 : Math.max(1, stepping * plan.threads() / (double) plan.cores());
        }

        private void made() {
            stepping--;
            replica.end();
            int all = 0;
            for (int router = 0; router < routers.size(); router++) {
                int tokens = replica.tokensFor(router);
                if (tokens > 0) {
                    all += tokens;
                    send(tokens, router);
                } else {
                    lastWritten[router] = 0;
                }
            }
            double pause = plan.profile().betweenSteps() + plan.profile().betweenStepsPerToken() * all;
            agenda.at(agenda.now() + Math.round(pause * NANOS_A_MILLI), () -> {
                busy = false;
                step();
            });
        }

        private void send(int tokens, int router) {
            List<Job> begun = of(router, replica.begun());
            List<Job> ended = of(router, replica.ended());
            long sent = bus.serve(agenda.now(), Costs.nanos(costs.send()), Cause.TOKENS);
            long delay = sent - agenda.now() + Costs.nanos(costs.network());
            routers.get(router).take(tokens, delay, at -> {
                begun.forEach(job -> job.firstToken(at));
                tally.tokens(tokens, begun.size(), lastWritten[router] == 0 ? 0 : at - lastWritten[router]);
                lastWritten[router] = at;
                ended.forEach(job -> {
                    job.ended(at);
                    over(job, true);
                });
            });
        }

        private List<Job> of(int router, List<Job> jobsOfAll) {
            return jobsOfAll.isEmpty()
                    ? jobsOfAll
                    : jobsOfAll.stream().filter(job -> job.router == router).toList();
        }
    }

    void ask(Prompt prompt, int output, Prompt afterwards) {
        Job job = new Job(jobs++, random.nextInt(routers.size()), prompt, output, agenda.now(), afterwards);
        tally.asked();
        routers.get(job.router).request(job, replica -> nodes.get(replica).take(job));
    }

    private void over(Job job, boolean served) {
        routers.get(job.router).over();
        tally.over(job, served);
        load.ended(job, served);
    }

    long now() {
        return agenda.now();
    }

    void at(long time, Runnable action) {
        agenda.at(time, action);
    }

    /**
     * Runs once.
     *
     * @param warmUp seconds that do not count
     * @param seconds that do; requests that are not over then are waited for, but not longer than as much again
     */
    Outcome run(double warmUp, double seconds) {
        nodes.forEach(node -> agenda.at(random.nextLong(HEARTBEAT_NANOS), node::beat));
        agenda.runUntil(HEARTBEAT_NANOS);
        long begin = agenda.now() + Math.round(warmUp * 1e9);
        long end = begin + Math.round(seconds * 1e9);
        load.begin(this, end);
        agenda.runUntil(begin);
        tally.begin(begin, end);
        stations().forEach(station -> station.count(begin));
        journal.count(begin);
        agenda.runUntil(end);
        Outcome.Loads loads = Outcome.Loads.of(
                nodes.stream().map(node -> node.device).toList(),
                nodes.stream().map(node -> node.bus).toList(),
                routers,
                journal,
                end);
        for (int i = 0; i < 100 && !tally.allOver(); i++) {
            agenda.runUntil(agenda.now() + (end - begin) / 100);
        }
        return tally.outcome(seconds, loads);
    }

    private Stream<Station> stations() {
        return Stream.concat(
                nodes.stream().flatMap(node -> Stream.of(node.device, node.bus)),
                routers.stream().flatMap(router -> Stream.of(router.reading(), router.loop(), router.elsewhere())));
    }
}
