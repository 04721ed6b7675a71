package dev.troupe.batcher.sim;

import dev.troupe.batcher.BatcherConfig;
import dev.troupe.batcher.ReplicaSpec;
import dev.troupe.batcher.ReplicaSpec.KvPlan;
import dev.troupe.batcher.Scheduler;
import dev.troupe.batcher.SchedulerMetrics;
import dev.troupe.batcher.fair.Price;
import dev.troupe.cache.service.ServiceAccount;
import dev.troupe.cache.service.ServiceReport;
import dev.troupe.cluster.message.Admission;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.cluster.message.SamplingParams;
import dev.troupe.cluster.message.StepAnswer;
import dev.troupe.cluster.message.StepPlan;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.message.TokenRun;
import dev.troupe.cluster.tenant.Share;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Some replicas that tell each other of their service late, and tenants that always want more of each. Everything by one seed. It watches
 * from outside, by plans and answers.
 */
final class FairPool {
    static final int CONTEXT = 600;
    private static final int VOCABULARY = 97;
    private static final long REPORT_MILLIS = 400;
    private static final int MOST_DELAY_MILLIS = 100;
    private static final long SILENCE_MILLIS = 300;
    /** From when something is done until all know: twice a report, each after one that failed, and the ways. */
    static final long STALE_MILLIS = 2 * (2 * REPORT_MILLIS + SILENCE_MILLIS + 2 * MOST_DELAY_MILLIS);

    private static final long BEGIN_MILLIS = 1_700_000_000_000L;

    private final Random random;
    private final SimNetwork network;
    private final List<Tenant> tenants;
    private final List<Replica> replicas = new ArrayList<>();
    private final Map<String, ServiceAccount> accounts = new HashMap<>();
    private final Map<String, Integer> left = new HashMap<>();
    private final Watcher watcher;
    private boolean closed;
    private int requests;

    /** What a pool's watcher is told. */
    interface Watcher {
        /** @param service virtual, see {@link ServiceReport} */
        void served(Tenant tenant, double service, long nowMillis);

        /** While the tenants still ask: what is left at the end always begins. */
        void began(Tenant tenant);

        /** @param backlogged whether a tenant waits at every replica, now that something has changed */
        void look(Predicate<Tenant> backlogged);
    }

    /**
     * Somebody who asks.
     *
     * @param backlog requests that it keeps waiting at each replica
     * @param rests whether it stops asking now and then
     */
    record Tenant(String name, Share share, int longestPrompt, int longestAnswer, int backlog, boolean rests) {
        static Tenant of(String requestId, List<Tenant> all) {
            return all.stream()
                    .filter(one -> requestId.startsWith(one.name + "-"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    FairPool(Random random, int replicas, KvPlan kv, BatcherConfig config, List<Tenant> tenants, Watcher watcher) {
        this.random = random;
        this.network = new SimNetwork(random, 0);
        this.tenants = tenants;
        this.watcher = watcher;
        for (int i = 0; i < replicas; i++) {
            this.replicas.add(new Replica(i, kv, config));
        }
    }

    /** Tenants ask for so long, and what was asked is done. */
    void run(long millis) {
        for (Replica replica : replicas) {
            replica.report(false);
        }
        network.at(millis, () -> closed = true);
        while (network.next()) {
            if (network.now() > 100 * millis) {
                throw new AssertionError("not over: " + left.size() + " requests are open");
            }
        }
        if (!left.isEmpty()) {
            throw new AssertionError("never ended: " + left);
        }
    }

    private final class Replica {
        private final Scheduler scheduler;
        private final FakeWorker worker;
        private final int number;
        /** By tenant, requests that have not begun. */
        private final Map<Tenant, Integer> waiting = new HashMap<>();

        private final Map<String, Tenant> asked = new HashMap<>();
        private final Set<Tenant> resting = new HashSet<>();
        private final List<TokenRun> made = new ArrayList<>();
        private boolean busy;

        Replica(int number, KvPlan kv, BatcherConfig config) {
            ReplicaSpec spec = new ReplicaSpec("r" + number, "n", "m", "f", CONTEXT, VOCABULARY, kv);
            this.number = number;
            this.scheduler = new Scheduler(spec, config, 1, SchedulerMetrics.NONE);
            this.worker = new FakeWorker(spec, config.tokenBudget(), (router, batch) -> made.addAll(batch.runs()));
        }

        void pump() {
            tenants.forEach(this::ask);
            if (busy) {
                return;
            }
            scheduler.planDue(network.now()).ifPresent(this::step);
        }

        private void ask(Tenant tenant) {
            if (tenant.rests && random.nextInt(200) == 0 && !resting.remove(tenant)) {
                resting.add(tenant);
            }
            while (!closed && !resting.contains(tenant) && waiting.getOrDefault(tenant, 0) < tenant.backlog) {
                String id = tenant.name + "-" + number + "-" + requests++;
                int length = 1 + random.nextInt(tenant.longestPrompt);
                int own = random.nextInt(VOCABULARY);
                TokenIds prompt = TokenIds.of(IntStream.range(0, length)
                        .map(i -> (i * 7 + own) % VOCABULARY)
                        .toArray());
                int answer = 1 + random.nextInt(tenant.longestAnswer);
                SamplingParams sampling = SamplingParams.greedy(answer, TokenIds.EMPTY);
                Admission admission = scheduler.generate(
                        new GenerateRequest(
                                id,
                                1,
                                tenant.name,
                                "router",
                                prompt,
                                1,
                                sampling,
                                List.of(),
                                false,
                                false,
                                tenant.share),
                        network.now());
                if (!(admission instanceof Admission.Admitted)) {
                    return;
                }
                left.put(id, answer);
                asked.put(id, tenant);
                waiting.merge(tenant, 1, Integer::sum);
            }
        }

        private void step(StepPlan plan) {
            busy = true;
            plan.starts().forEach(start -> {
                Tenant tenant = asked.remove(start.attempt().requestId());
                waiting.merge(tenant, -1, Integer::sum);
                if (!closed) {
                    watcher.began(tenant);
                }
                double price = Price.ofPrompt(start.prompt().size(), start.cachedTokens());
                watcher.served(tenant, price / tenant.share.weight(), network.now());
            });
            look();
            StepAnswer answer = worker.run(plan);
            network.at(1 + random.nextInt(20), () -> {
                busy = false;
                scheduler.apply(answer, network.now());
                made.forEach(this::take);
                made.clear();
                look();
                pump();
            });
        }

        private void take(TokenRun run) {
            String id = run.attempt().requestId();
            Tenant tenant = Tenant.of(id, tenants);
            watcher.served(tenant, Price.GENERATED * run.tokens().size() / tenant.share.weight(), network.now());
            int rest = left.merge(id, -run.tokens().size(), Integer::sum);
            if (run.finish().isPresent() != (rest == 0)) {
                throw new AssertionError(id + " has " + rest + " tokens to come and " + run.finish());
            }
            if (rest == 0) {
                left.remove(id);
            }
        }

        /** @param failed whether the last time it did, since two failures in a row are beyond what is promised */
        void report(boolean failed) {
            pump();
            Map<String, ServiceReport> reports = scheduler.reportService();
            boolean fails = !failed && random.nextInt(8) == 0;
            if (fails) {
                network.at(SILENCE_MILLIS, scheduler::serviceUnheard);
            } else {
                network.at(random.nextInt(MOST_DELAY_MILLIS), () -> {
                    Map<String, Double> totals = add(reports);
                    network.at(random.nextInt(MOST_DELAY_MILLIS), () -> scheduler.serviceHeard(totals));
                });
            }
            if (!closed || !left.isEmpty()) {
                network.at(fails ? REPORT_MILLIS + SILENCE_MILLIS : REPORT_MILLIS, () -> report(fails));
            }
        }
    }

    /** @return the pool's counters; a replica that is alone has its own */
    private Map<String, Double> add(Map<String, ServiceReport> reports) {
        Map<String, Double> totals = new HashMap<>();
        for (String tenant : replicas.size() == 1 ? Set.<String>of() : reports.keySet()) {
            ServiceAccount before = accounts.getOrDefault(tenant, ServiceAccount.NONE);
            ServiceAccount after = before.with(reports.get(tenant), clock());
            accounts.put(tenant, after);
            totals.put(tenant, after.counter());
        }
        return totals;
    }

    /** At which nobody has waited a moment before. */
    private long clock() {
        return BEGIN_MILLIS + network.now();
    }

    private void look() {
        watcher.look(tenant -> replicas.stream().allMatch(replica -> replica.waiting.getOrDefault(tenant, 0) > 0));
    }
}
