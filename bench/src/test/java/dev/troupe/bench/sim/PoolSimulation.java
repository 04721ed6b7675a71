package dev.troupe.bench.sim;

import dev.troupe.batcher.BatcherConfig;
import dev.troupe.batcher.ReplicaSpec;
import dev.troupe.batcher.sim.FakePool;
import dev.troupe.batcher.sim.SimNetwork;
import dev.troupe.cluster.Addresses;
import dev.troupe.cluster.message.SamplingParams;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.router.RouterConfig;
import dev.troupe.router.generate.GenerationSpec;
import dev.troupe.router.generate.Generations;
import dev.troupe.router.generate.Pool;
import dev.troupe.router.prompt.ServedModel;
import dev.troupe.router.replica.ReplicaDirectory;
import dev.troupe.router.stream.StopStrings;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Two routers and two replicas, everything by one seed. {@link #run} throws what is not as promised. */
final class PoolSimulation {
    private static final int CONTEXT = 600;
    private static final long SWEEP_MILLIS = 200;
    private static final long WARM_UP_MILLIS = 1_500;
    private static final long END_OF_TROUBLE_MILLIS = 60_000;
    private static final long END_OF_PATIENCE_MILLIS = 1_800_000;

    private final Random random;
    private final ServedModel model;
    private final SimNetwork network;
    private final SimBus bus;
    private final FakePool prefixes;
    private final List<SimReplica> replicas = new ArrayList<>();
    private final List<SimRouter> routers = new ArrayList<>();
    private final boolean troubled;
    private final boolean workersDie;
    private final boolean batchersDie;
    private boolean over;

    PoolSimulation(long seed, ServedModel model) {
        this.random = new Random(seed);
        this.model = model;
        troubled = random.nextInt(3) > 0;
        workersDie = random.nextInt(3) == 0;
        batchersDie = random.nextInt(4) == 0;
        network = new SimNetwork(random, troubled ? random.nextDouble() * 0.08 : 0);
        bus = new SimBus(network);
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
            routers.add(new SimRouter("router" + i));
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
                1_000);
        return new SimReplica(spec, config, prefixes, network, bus, random);
    }

    /** One router: the real generations and directory, in a shell as thin as its verticle's. */
    private final class SimRouter {
        private final String id;
        private final Generations generations;
        private final ReplicaDirectory directory;
        private final List<SimClient> clients = new ArrayList<>();
        private boolean dead;

        SimRouter(String id) {
            this.id = id;
            directory =
                    new ReplicaDirectory(RouterConfig.DEFAULT.replicaSilence().toMillis());
            generations = new Generations(new Pool(bus, id, directory, RouterConfig.DEFAULT, network::now));
            bus.consume(Addresses.tokens(id), batch -> {
                if (!dead) {
                    generations.take(batch);
                }
            });
            bus.consume(Addresses.heartbeats(), heartbeat -> {
                if (!dead) {
                    directory.heard(heartbeat, network.now()).ifPresent(generations::replicaGone);
                }
            });
            sweep();
        }

        private void sweep() {
            if (dead) {
                return;
            }
            directory.tick(network.now()).forEach(generations::replicaSilent);
            generations.sweep(network.now());
            network.at(SWEEP_MILLIS, this::sweep);
        }

        void arrive(SimClient client) {
            if (!dead) {
                clients.add(client);
                client.started(generations.start(client.spec(), client));
            }
        }

        void die() {
            dead = true;
            bus.unplug(Addresses.tokens(id).name());
            clients.forEach(SimClient::forgotten);
        }
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
                throw new AssertionError("not over after half an hour");
            }
        }
        replicas.forEach(SimReplica::checkNothingHeld);
        List<SimClient> clients =
                routers.stream().flatMap(router -> router.clients.stream()).toList();
        clients.forEach(client -> client.check(CONTEXT, model.tokenizer().vocabSize()));
        if (!troubled && !batchersDie) {
            // A worker's death alone costs time, never a request: the batcher holds every token.
            clients.forEach(SimClient::checkNotFailed);
        }
        return (int) clients.stream().filter(SimClient::wasServed).count();
    }

    private void planDeaths() {
        for (SimReplica replica : replicas) {
            if (workersDie && random.nextBoolean()) {
                network.at(random.nextInt(20_000), replica::restartWorker);
            }
            if (batchersDie && random.nextBoolean()) {
                network.at(random.nextInt(20_000), replica::restartBatcher);
            }
        }
        if (random.nextInt(8) == 0) {
            network.at(random.nextInt(20_000), routers.get(0)::die);
        }
    }

    private void plan(int number) {
        SimRouter router = routers.get(random.nextInt(routers.size()));
        String stop = random.nextInt(3) == 0 ? "e" : "";
        GenerationSpec spec = new GenerationSpec(
                "request" + number,
                random.nextInt(4) == 0 ? "u" : "t",
                model,
                prompt(),
                random.nextInt(5) == 0 ? 1 + random.nextInt(3) : 1,
                SamplingParams.greedy(1 + random.nextInt(random.nextInt(6) == 0 ? 400 : 60), TokenIds.EMPTY),
                stop.isEmpty() ? StopStrings.NONE : StopStrings.of(List.of(stop)));
        SimClient client = new SimClient(spec, stop);
        network.at(WARM_UP_MILLIS + random.nextInt(10_000), () -> router.arrive(client));
        if (random.nextInt(6) == 0) {
            network.at(WARM_UP_MILLIS + random.nextInt(15_000), client::leave);
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
                && routers.stream().filter(router -> !router.dead).allMatch(router -> router.generations.size() == 0);
        if (!over) {
            network.at(100, this::watch);
        }
    }
}
