package dev.troupe.batcher.sim;

import dev.troupe.batcher.BatcherConfig;
import dev.troupe.batcher.Outgoing;
import dev.troupe.batcher.ReplicaSpec;
import dev.troupe.batcher.Scheduler;
import dev.troupe.batcher.SchedulerMetrics;
import dev.troupe.batcher.SharingConfig;
import dev.troupe.cluster.message.Admission;
import dev.troupe.cluster.message.Cancel;
import dev.troupe.cluster.message.ErrorCode;
import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.cluster.message.KvCopy;
import dev.troupe.cluster.message.PrefixFetch;
import dev.troupe.cluster.message.PrefixFetched;
import dev.troupe.cluster.message.Resend;
import dev.troupe.cluster.message.SamplingParams;
import dev.troupe.cluster.message.StepAnswer;
import dev.troupe.cluster.message.StepPlan;
import dev.troupe.cluster.message.StreamAcks;
import dev.troupe.cluster.message.StreamProbe;
import dev.troupe.cluster.message.StreamState;
import dev.troupe.cluster.message.TokenBatch;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.tenant.Priority;
import dev.troupe.cluster.tenant.Share;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** A scheduler, a worker and two routers over a {@link SimNetwork}, everything by one seed. {@link #run} throws what is not as promised. */
public final class Simulation {
    private static final int CONTEXT = 600;
    private static final int VOCABULARY = 97;
    private static final String POISON = "poison";
    private static final String HUGE = "huge";
    private static final int MOST_RANDOM_LACKS_IN_A_ROW = 3;
    private static final long END_OF_TROUBLE_MILLIS = 60_000;
    private static final long END_OF_PATIENCE_MILLIS = 1_800_000;

    private final Random random;
    private final SimNetwork network;
    private final ReplicaSpec replica;
    private final BatcherConfig config;
    private final SharingConfig sharing;
    private Scheduler scheduler;
    private final FakeWorker worker;
    private final List<SimRouter> routers = new ArrayList<>();
    private final boolean restarts;
    private final Tally tally = new Tally();
    private final double lackOfMemory;
    private final int rowsInMemory;
    private int lacksInARow;
    private long incarnation = 1;
    private int open;

    public Simulation(long seed) {
        random = new Random(seed);
        network = new SimNetwork(random, random.nextInt(3) == 0 ? 0 : random.nextDouble() * 0.1);
        restarts = random.nextInt(3) == 0;
        // Slabs of 600 tokens: two slots of 256, or one of 512 or 600.
        ReplicaSpec.KvPlan kv = new ReplicaSpec.KvPlan(1 + random.nextInt(5), CONTEXT, random.nextInt(3) * 20);
        replica = new ReplicaSpec("replica", "node", "model", "fingerprint", CONTEXT, VOCABULARY, kv);
        int running = 1 + random.nextInt(12);
        int budget = running + random.nextInt(100);
        config = new BatcherConfig(
                running,
                budget,
                1 + random.nextInt(budget),
                random.nextInt(12),
                3 + random.nextInt(30),
                1 + random.nextInt(40),
                60_000,
                1_000,
                50,
                300_000,
                1_000,
                1 + random.nextInt(20_000),
                1_000 + random.nextInt(60_000));
        sharing = new SharingConfig(
                random.nextInt(4) > 0,
                64 + random.nextInt(CONTEXT),
                1 + random.nextInt(3_000),
                1 + random.nextInt(30),
                1 + random.nextInt(20_000),
                1 + random.nextInt(4));
        scheduler = new Scheduler(replica, config, sharing, incarnation, tally);
        FakePool pool = new FakePool(random);
        worker = new FakeWorker(replica, budget, pool, this::toRouter);
        if (random.nextBoolean()) {
            // Other replicas have been asked before.
            for (int kind = 0; kind < 3; kind++) {
                pool.warm(FakeWorker.KV_FORMAT, "t", shared(kind, random.nextInt(CONTEXT)));
            }
        }
        worker.poison(start -> start.attempt().requestId().startsWith(POISON));
        lackOfMemory = random.nextInt(3) > 0 ? 0 : random.nextDouble() * 0.3;
        rowsInMemory = random.nextInt(4) > 0 ? budget : 1 + random.nextInt(budget);
        worker.memory(this::lack);
        for (int i = 0; i < 2; i++) {
            routers.add(new SimRouter("router" + i, network, new Wires()));
        }
    }

    /** Runs until every request is over and nothing is left anywhere. */
    public void run() {
        int requests = 1 + random.nextInt(25);
        for (int i = 0; i < requests; i++) {
            arrive(i);
        }
        if (restarts) {
            for (int i = random.nextInt(4); i >= 0; i--) {
                network.at(random.nextInt(20_000), worker::restart);
            }
        }
        if (random.nextInt(4) == 0) {
            network.at(random.nextInt(20_000), this::restartBatcher);
        }
        network.at(END_OF_TROUBLE_MILLIS, network::calm);
        runToTheEnd(END_OF_PATIENCE_MILLIS);
        // A plan that was on its way when the worker was restarted may be the last thing to arrive, and the first that
        // the new
        // worker sees. It harms nobody, and the next plan finds it out.
        arrive(requests);
        runToTheEnd(2 * END_OF_PATIENCE_MILLIS);
        routers.forEach(router -> router.streams().values().forEach(this::check));
        if (scheduler.kvUse().slots() != 0
                || scheduler.kvUse().blocks() != scheduler.kvUse().cachedBlocks()) {
            throw new AssertionError("memory leaked: " + scheduler.kvUse());
        }
        if (worker.sequences(incarnation) != 0) {
            throw new AssertionError("the worker was left with " + worker.sequences(incarnation) + " sequences");
        }
    }

    /** What happened, to see that the seeds try what they are there to try. */
    public Tally tally() {
        return tally;
    }

    /** Counts of what a simulation went through. */
    public static final class Tally implements SchedulerMetrics {
        private final Map<String, Long> counts = new TreeMap<>();

        private void count(String what, long times) {
            counts.merge(what, times, Long::sum);
        }

        public Map<String, Long> counts() {
            return counts;
        }

        @Override
        public void started(long queuedMillis) {
            count("starts", 1);
        }

        @Override
        public void preempted() {
            count("preemptions", 1);
        }

        @Override
        public void outOfMemory() {
            count("out of memory", 1);
        }

        @Override
        public void prefixQueried(int tokens, int cached) {
            count("cached tokens", cached);
        }

        @Override
        public void prefixOffered(int tokens) {
            count("tokens offered to the pool", tokens);
        }

        @Override
        public void prefixFetched(int tokens, int found, long millis) {
            count("tokens fetched from the pool", found);
        }

        @Override
        public void stepped(int rows, long microseconds) {
            count("steps", 1);
        }

        @Override
        public void state(int running, int waiting, double kvUsage) {}
    }

    /** Some requests never fit, some numbers of rows do not on this machine, and now and then somebody else takes the memory for a while. */
    private FakeWorker.Lack lack(StepPlan plan) {
        boolean huge =
                worker.computes(plan, start -> start.attempt().requestId().startsWith(HUGE));
        if (huge || plan.rows() > rowsInMemory) {
            return FakeWorker.Lack.ROWS;
        }
        boolean lacks = network.now() < END_OF_TROUBLE_MILLIS
                && lacksInARow < MOST_RANDOM_LACKS_IN_A_ROW
                && random.nextDouble() < lackOfMemory;
        if (!lacks) {
            return FakeWorker.Lack.NONE;
        }
        return random.nextInt(3) == 0 ? FakeWorker.Lack.COPIES : FakeWorker.Lack.ROWS;
    }

    private void countLacks(StepAnswer answer) {
        if (answer instanceof StepAnswer.OutOfMemory) {
            lacksInARow++;
        } else if (answer instanceof StepAnswer.StepResult) {
            lacksInARow = 0;
        }
    }

    /** As a new process would be, while answers to the old one are still on their way. */
    private void restartBatcher() {
        incarnation++;
        scheduler = new Scheduler(replica, config, sharing, incarnation, tally);
        tally.count("batcher restarts", 1);
    }

    private List<String> open() {
        return routers.stream()
                .flatMap(router -> router.streams().values().stream())
                .filter(stream -> !stream.over())
                .map(stream -> stream.request().attempt().toString())
                .toList();
    }

    private void runToTheEnd(long endOfPatience) {
        tick();
        while (network.next()) {
            if (network.now() > endOfPatience) {
                throw new AssertionError("not over after half an hour: " + scheduler.load() + " open " + open());
            }
        }
    }

    private void arrive(int number) {
        int kind = random.nextInt(80);
        String name = (kind < 2 ? POISON : kind == 2 ? HUGE : "request") + number;
        SimRouter router = routers.get(random.nextInt(routers.size()));
        GenerateRequest request = new GenerateRequest(
                name,
                1,
                random.nextInt(4) == 0 ? "u" : "t",
                router.id(),
                prompt(),
                random.nextInt(5) == 0 ? 1 + random.nextInt(3) : 1,
                SamplingParams.greedy(1 + random.nextInt(random.nextInt(6) == 0 ? 500 : 60), stops()),
                List.of(),
                false,
                false,
                share());
        int ackEvery = 1 + random.nextInt(Math.min(config.creditWindow(), 16));
        open++;
        network.at(random.nextInt(10_000), () -> {
            open--;
            router.submit(request, ackEvery);
        });
        if (random.nextInt(6) == 0) {
            network.at(random.nextInt(12_000), () -> {
                if (router.streams().containsKey(name)) {
                    router.cancel(router.streams().get(name));
                }
            });
        }
    }

    private Share share() {
        Priority priority = List.of(Priority.values()).get(random.nextInt(3));
        OptionalLong deadline = random.nextInt(5) == 0 ? OptionalLong.of(random.nextInt(20_000)) : OptionalLong.empty();
        return new Share(1 + random.nextInt(5), priority, deadline);
    }

    /** Few first blocks, so that prefixes are shared. */
    private TokenIds prompt() {
        int kind = random.nextInt(3);
        int length = 1 + random.nextInt(random.nextInt(5) == 0 ? CONTEXT - 1 : 120);
        int own = random.nextInt(VOCABULARY);
        int shared = random.nextInt(length + 1);
        return shared(kind, shared)
                .concat(TokenIds.of(IntStream.range(shared, length)
                        .map(i -> (i * 11 + own) % VOCABULARY)
                        .toArray()));
    }

    private static TokenIds shared(int kind, int length) {
        return TokenIds.of(
                IntStream.range(0, length).map(i -> (i * 7 + kind) % VOCABULARY).toArray());
    }

    private TokenIds stops() {
        return random.nextBoolean() ? TokenIds.EMPTY : TokenIds.of(random.nextInt(VOCABULARY));
    }

    private void check(SimRouter.Stream stream) {
        if (stream.cancelled()) {
            tally.count("cancelled", 1);
            return;
        }
        GenerateRequest request = stream.request();
        if (stream.refusal().isPresent()) {
            boolean mayBe = stream.refusal().get() == ErrorCode.DEADLINE_UNREACHABLE
                    && request.share().deadlineMillis().isPresent();
            expect(mayBe, stream, 0, "refused for " + stream.refusal().get());
            tally.count("refused as late", 1);
            return;
        }
        for (int i = 0; i < request.choices(); i++) {
            SimRouter.Choice choice = stream.choices().get(i);
            if (choice.finish().orElseThrow() == FinishReason.LATE) {
                expect(request.share().deadlineMillis().isPresent(), stream, i, "late without a deadline");
                tally.count("ended as late", 1);
                continue;
            }
            if (request.requestId().startsWith(POISON)) {
                expect(choice.finish().orElseThrow() == FinishReason.FAILED, stream, i, "did not fail");
                continue;
            }
            if (request.requestId().startsWith(HUGE)) {
                expect(choice.finish().orElseThrow() == FinishReason.OUT_OF_MEMORY, stream, i, "fitted");
                continue;
            }
            var expected = FakeModel.continuation(request.prompt(), i, request.sampling(), CONTEXT, VOCABULARY);
            expect(
                    choice.tokens().equals(expected.tokens()),
                    stream,
                    i,
                    "other tokens than the model says, and " + choice.finish());
            expect(choice.finish().orElseThrow() == expected.finish(), stream, i, "ended with " + choice.finish());
        }
    }

    private static void expect(boolean holds, SimRouter.Stream stream, int choice, String complaint) {
        if (!holds) {
            throw new AssertionError(stream.request().attempt() + " choice " + choice + ": " + complaint);
        }
    }

    /** The pool hears of what was done, or does not; there are no others. */
    private void reportService() {
        scheduler.reportService();
        if (random.nextBoolean()) {
            scheduler.serviceHeard(Map.of());
        } else {
            scheduler.serviceUnheard();
        }
    }

    private void tick() {
        scheduler.tick(network.now());
        reportService();
        routers.forEach(SimRouter::tick);
        pump();
        boolean over = open == 0
                && open().isEmpty()
                && scheduler.isIdle()
                && scheduler.load().running() + scheduler.load().waiting() == 0;
        if (!over || network.now() < END_OF_TROUBLE_MILLIS) {
            network.at(100, this::tick);
        }
    }

    /** What the verticle does after everything that happens. */
    private void pump() {
        for (Outgoing outgoing : scheduler.takeOutbox()) {
            toRouter(outgoing.routerId(), outgoing.batch());
        }
        scheduler.takeFetches().forEach(this::fetch);
        scheduler.planDue(network.now()).ifPresent(this::send);
    }

    private void fetch(PrefixFetch fetch) {
        network.<PrefixFetched>request(
                answer -> {
                    int millis = random.nextInt(8) == 0 ? random.nextInt(2_000) : random.nextInt(20);
                    network.at(millis, () -> answer.accept(worker.ready(fetch, worker.fetch(fetch))));
                },
                config.answerTimeoutMillis(),
                answer -> {
                    scheduler.fetched(fetch, answer, network.now());
                    pump();
                },
                () -> {
                    tally.count("fetches unanswered", 1);
                    scheduler.fetchFailed(fetch, network.now());
                    pump();
                });
    }

    private void send(StepPlan plan) {
        network.<StepAnswer>request(
                answer -> {
                    StepAnswer done = worker.run(plan);
                    countLacks(done);
                    tally.count(done.getClass().getSimpleName(), 1);
                    tally.count(
                            "copies without memory",
                            done instanceof StepAnswer.OutOfMemory full && full.forgotten() ? 1 : 0);
                    tally.count(
                            "imports into the cache",
                            done instanceof StepAnswer.StepResult
                                    ? plan.imports().size()
                                    : 0);
                    tally.count(
                            "imports refused",
                            done instanceof StepAnswer.ResyncNeeded
                                    ? plan.imports().size()
                                    : 0);
                    tally.count(
                            "moves",
                            plan.copies().stream()
                                    .filter(KvCopy.Move.class::isInstance)
                                    .count());
                    network.at(1 + random.nextInt(20), () -> answer.accept(done));
                },
                config.answerTimeoutMillis(),
                answer -> {
                    scheduler.apply(answer, network.now());
                    pump();
                },
                () -> {
                    tally.count("plans unanswered", 1);
                    scheduler.unanswered(plan, network.now());
                    pump();
                });
    }

    private void toRouter(String routerId, TokenBatch batch) {
        routers.stream()
                .filter(router -> router.id().equals(routerId))
                .forEach(router -> network.send(() -> router.tokens(batch)));
    }

    private final class Wires implements SimRouter.Roads {
        @Override
        public void generate(GenerateRequest request, Consumer<Admission> answer, Runnable silence) {
            network.<Admission>request(
                    reply -> {
                        Admission admission =
                                scheduler.generate(request, request.prompt().get(0) % 3 == 0, network.now());
                        tally.count(admission.getClass().getSimpleName(), 1);
                        tally.count("later epochs", request.epoch() > 1 ? 1 : 0);
                        reply.accept(admission);
                        pump();
                    },
                    1_000,
                    answer,
                    silence);
        }

        @Override
        public void cancel(Cancel cancel) {
            network.send(() -> {
                scheduler.cancel(cancel, network.now());
                pump();
            });
        }

        @Override
        public void acks(StreamAcks acks) {
            network.send(() -> {
                scheduler.acks(acks, network.now());
                pump();
            });
        }

        @Override
        public void probe(StreamProbe probe, Consumer<StreamState> answer) {
            network.<StreamState>request(
                    reply -> reply.accept(scheduler.probe(probe, network.now())), 1_000, answer, () -> {});
        }

        @Override
        public void resend(Resend resend, Consumer<TokenBatch> answer) {
            network.<TokenBatch>request(reply -> reply.accept(worker.resend(resend)), 1_000, answer, () -> {});
        }
    }
}
