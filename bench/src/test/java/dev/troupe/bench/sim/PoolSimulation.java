package dev.troupe.bench.sim;

import dev.troupe.batcher.BatcherConfig;
import dev.troupe.batcher.ReplicaSpec;
import dev.troupe.batcher.sim.FakePool;
import dev.troupe.batcher.sim.SimNetwork;
import dev.troupe.cluster.message.SamplingParams;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.tenant.Priority;
import dev.troupe.cluster.tenant.Share;
import dev.troupe.router.generate.GenerationSpec;
import dev.troupe.router.prompt.ServedModel;
import dev.troupe.router.stream.StopStrings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Two routers and two replicas in a pool where processes die, hang, leave and come back, everything by one seed. {@link #run} throws what is
 * not as promised.
 */
final class PoolSimulation {
    private static final int CONTEXT = 600;
    /** After which the cluster takes a process that hangs for dead. */
    private static final long MEMBER_SILENCE_MILLIS = 3_000;

    private static final long WARM_UP_MILLIS = 1_500;
    private static final long END_OF_TROUBLE_MILLIS = 60_000;
    private static final long END_OF_PATIENCE_MILLIS = 1_800_000;

    private final Random random;
    private final ServedModel model;
    private final SimNetwork network;
    private final SimBus bus;
    private final SimJournal journal;
    private final FakePool prefixes;
    private final List<SimReplica> replicas = new ArrayList<>();
    private final List<SimRouter> routers = new ArrayList<>();
    private final boolean troubled;
    private final boolean workersDie;
    private final boolean batchersDie;
    private final boolean processesDie;
    private final Map<String, SimClient> clients = new LinkedHashMap<>();
    private int deaths;
    private boolean over;

    PoolSimulation(long seed, ServedModel model) {
        this.random = new Random(seed);
        this.model = model;
        troubled = random.nextInt(3) > 0;
        workersDie = random.nextInt(3) == 0;
        batchersDie = random.nextInt(4) == 0;
        processesDie = random.nextInt(2) == 0;
        network = new SimNetwork(random, troubled ? random.nextDouble() * 0.08 : 0);
        bus = new SimBus(network);
        journal = new SimJournal(network, random, processesDie ? 0.02 : 0);
        prefixes = new FakePool(random);
        if (random.nextBoolean()) {
            // Replicas that are no more have been asked before.
            for (int kind = 0; kind < 3; kind++) {
                prefixes.warm(HashModel.KV_FORMAT, "t", shared(kind, random.nextInt(CONTEXT)));
            }
        }
        for (int i = 0; i < 2; i++) {
            replicas.add(replica("replica" + i));
        }
        for (int i = 0; i < 2; i++) {
            routers.add(new SimRouter("router" + i, network, bus, journal));
        }
    }

    private SimReplica replica(String id) {
        ReplicaSpec.KvPlan kv = new ReplicaSpec.KvPlan(1 + random.nextInt(4), CONTEXT, random.nextInt(3) * 20);
        ReplicaSpec spec = new ReplicaSpec(
                id,
                "node-" + id,
                model.id(),
                model.card().fingerprint(),
                CONTEXT,
                model.tokenizer().vocabSize(),
                kv);
        int running = 1 + random.nextInt(10);
        int budget = running + random.nextInt(100);
        int window = 64 + random.nextInt(64);
        BatcherConfig config = new BatcherConfig(
                running,
                budget,
                1 + random.nextInt(budget),
                random.nextInt(12),
                200,
                window,
                60_000,
                1_000,
                50,
                300_000,
                1_000,
                1 + random.nextInt(20_000),
                30_000);
        return new SimReplica(spec, config, prefixes, network, bus, random);
    }

    /** Runs until every request is over and nothing is left anywhere. @return how many requests were served to their end */
    int run() {
        int requests = 1 + random.nextInt(25);
        for (int i = 0; i < requests; i++) {
            plan(i);
        }
        planDeaths();
        network.at(END_OF_TROUBLE_MILLIS, network::calm);
        network.at(END_OF_TROUBLE_MILLIS, this::watch);
        while (!over && network.next()) {
            if (network.now() > END_OF_PATIENCE_MILLIS) {
                throw new AssertionError("not over after half an hour: " + replicas + routers);
            }
        }
        replicas.forEach(SimReplica::checkNothingHeld);
        for (SimClient client : clients.values()) {
            client.check(
                    journal.look(client.spec().place().streamId(), client.spec().tenant()),
                    CONTEXT,
                    model.tokenizer().vocabSize(),
                    // Three lost heartbeats in a row look like a death.
                    troubled ? Integer.MAX_VALUE : deaths);
        }
        return (int) clients.values().stream().filter(SimClient::wasServed).count();
    }

    private void planDeaths() {
        for (SimReplica replica : replicas) {
            if (workersDie && random.nextBoolean()) {
                deaths++;
                network.at(random.nextInt(20_000), replica::restartWorker);
            }
            if (batchersDie && random.nextBoolean()) {
                deaths++;
                network.at(random.nextInt(20_000), replica::restartBatcher);
            }
            for (int i = random.nextInt(3); processesDie && i > 0; i--) {
                network.at(WARM_UP_MILLIS + random.nextInt(25_000), () -> strike(replica));
            }
        }
        if (random.nextInt(4) == 0) {
            boolean hangs = random.nextBoolean();
            network.at(WARM_UP_MILLIS + random.nextInt(20_000), () -> strike(routers.get(0), hangs));
        }
    }

    private void strike(SimReplica replica) {
        int how = random.nextInt(4);
        if (!replica.isAlive()) {
            return;
        }
        if (how == 0) {
            replica.leave(random.nextInt(3_000), this::nodeLeft);
            return;
        }
        deaths++;
        if (how == 1) {
            long millis = random.nextInt(8_000);
            String node = replica.hang(millis);
            if (millis > MEMBER_SILENCE_MILLIS) {
                network.at(MEMBER_SILENCE_MILLIS, () -> nodeLeft(node));
            }
        } else {
            String node = replica.die(500 + random.nextInt(10_000));
            network.at(random.nextInt(1_000), () -> nodeLeft(node));
        }
    }

    private void nodeLeft(String node) {
        routers.forEach(router -> router.nodeLeft(node));
    }

    private void strike(SimRouter router, boolean hangs) {
        long millis = random.nextInt(8_000);
        if (hangs) {
            router.hang(millis);
            if (millis > MEMBER_SILENCE_MILLIS) {
                network.at(MEMBER_SILENCE_MILLIS, () -> routerLeft(router));
            }
        } else {
            router.die();
            network.at(random.nextInt(1_000), () -> routerLeft(router));
            // What was on its way into the journal comes after its sender's death has been seen; the look for orphans
            // finds it.
            network.at(10_000, () -> routerLeft(router));
        }
    }

    private void routerLeft(SimRouter router) {
        replicas.forEach(replica -> replica.routerGone(router.id()));
        routers.get(1).takeOver(router.id(), clients::get);
    }

    private void plan(int number) {
        SimRouter router = routers.get(random.nextInt(routers.size()));
        String stop = random.nextInt(3) == 0 ? "e" : "";
        String streamId = String.format(Locale.ROOT, "sim-%016x%032x", number / 4, number);
        GenerationSpec spec = new GenerationSpec(
                "request" + number,
                random.nextInt(4) == 0 ? "u" : "t",
                model,
                prompt(),
                random.nextInt(5) == 0 ? 1 + random.nextInt(3) : 1,
                SamplingParams.greedy(1 + random.nextInt(random.nextInt(6) == 0 ? 400 : 60), TokenIds.EMPTY),
                stop.isEmpty() ? StopStrings.NONE : StopStrings.of(List.of(stop)),
                new GenerationSpec.Place(streamId, 0, 0),
                Optional.empty(),
                new Share(
                        1 + random.nextInt(4),
                        List.of(Priority.values()).get(random.nextInt(3)),
                        OptionalLong.empty()));
        SimClient client = new SimClient(spec, stop);
        clients.put(streamId, client);
        network.at(WARM_UP_MILLIS + random.nextInt(10_000), () -> router.arrive(client));
        if (random.nextInt(6) == 0) {
            network.at(WARM_UP_MILLIS + random.nextInt(15_000), () -> router.leave(client));
        }
    }

    /** Few first blocks, so that prefixes are shared. */
    private TokenIds prompt() {
        int words = model.tokenizer().vocabSize();
        int kind = random.nextInt(3);
        int length = 1 + random.nextInt(random.nextInt(5) == 0 ? CONTEXT - 420 : 120);
        int own = random.nextInt(words);
        int shared = random.nextInt(length + 1);
        return shared(kind, shared)
                .concat(TokenIds.of(IntStream.range(shared, length)
                        .map(i -> (i * 11 + own) % words)
                        .toArray()));
    }

    private TokenIds shared(int kind, int length) {
        int words = model.tokenizer().vocabSize();
        return TokenIds.of(
                IntStream.range(0, length).map(i -> (i * 7 + kind) % words).toArray());
    }

    /** @return tokens that replicas got from each other through the pool's memory */
    long fetchedTokens() {
        return replicas.stream()
                .mapToLong(replica -> replica.tally().counts().getOrDefault("tokens fetched from the pool", 0L))
                .sum();
    }

    private void watch() {
        over = replicas.stream().allMatch(SimReplica::isIdle)
                && routers.stream().allMatch(SimRouter::isDone);
        if (!over) {
            network.at(100, this::watch);
        }
    }
}
