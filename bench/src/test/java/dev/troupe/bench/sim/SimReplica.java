package dev.troupe.bench.sim;

import dev.troupe.batcher.BatcherConfig;
import dev.troupe.batcher.Outgoing;
import dev.troupe.batcher.ReplicaSpec;
import dev.troupe.batcher.Scheduler;
import dev.troupe.batcher.SharingConfig;
import dev.troupe.batcher.sim.FakePool;
import dev.troupe.batcher.sim.SimNetwork;
import dev.troupe.batcher.sim.Simulation;
import dev.troupe.cluster.Addresses;
import dev.troupe.cluster.message.Admission;
import dev.troupe.cluster.message.Heartbeat;
import dev.troupe.cluster.message.PrefixFetch;
import dev.troupe.cluster.message.PrefixFetched;
import dev.troupe.cluster.message.StepAnswer;
import dev.troupe.cluster.message.StepPlan;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.worker.PoolPrefixes;
import dev.troupe.worker.StepEngine;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A real scheduler and a real step engine, each in a shell as thin as its verticle's, in one process that may hang, leave or die and come
 * back as another.
 */
final class SimReplica {
    private static final long TICK_MILLIS = 50;
    private static final int MOST_LACKS_IN_A_ROW = 3;
    private static final long HEARTBEAT_MILLIS = 500;

    private static final long LATEST_LEAVE_MILLIS = 20_000;

    private final String id;
    private final ReplicaSpec base;
    private final BatcherConfig config;
    private final SimNetwork network;
    private final SimBus bus;
    private final Random random;
    private final SharingConfig sharing;
    private final PoolPrefixes pool;
    private final Simulation.Tally tally = new Simulation.Tally();
    private final double lackOfMemory;
    private ReplicaSpec replica;
    private SimProcess process;
    private Scheduler scheduler;
    private StepEngine engine;
    private Heartbeat.State state = Heartbeat.State.READY;
    private int lacksInARow;
    private long incarnation;
    private long heartbeats;
    private int lives;

    /** @param prefixes the pool's memory of them */
    SimReplica(
            ReplicaSpec replica,
            BatcherConfig config,
            FakePool prefixes,
            SimNetwork network,
            SimBus bus,
            Random random) {
        this.id = replica.replicaId();
        this.base = replica;
        this.config = config;
        this.network = network;
        this.bus = bus;
        this.random = random;
        this.sharing = new SharingConfig(
                random.nextInt(4) > 0, 600, 1 + random.nextInt(3_000), 1 + random.nextInt(30), 10_000, 2);
        this.pool = new SimPool(prefixes);
        this.lackOfMemory = random.nextInt(3) > 0 ? 0 : random.nextDouble() * 0.2;
        live();
    }

    /** A new process, which knows nothing. */
    private void live() {
        lives++;
        replica = new ReplicaSpec(
                id,
                "node-" + id + "-" + lives,
                base.modelId(),
                base.fingerprint(),
                base.contextLength(),
                base.vocabSize(),
                base.kv());
        process = new SimProcess(network);
        state = Heartbeat.State.READY;
        restartBatcher();
        restartWorker();
        register(process);
        tick(process);
        announce(process);
    }

    /** @return the process that is no more, as the cluster names it; another comes up after a while */
    String die(long downMillis) {
        String gone = replica.nodeId();
        process.die();
        Stream.of(
                        Addresses.batcher(id).name(),
                        Addresses.probe(id).name(),
                        Addresses.cancel(id).name(),
                        Addresses.acks(id).name(),
                        Addresses.worker(id).name(),
                        Addresses.fetch(id).name(),
                        Addresses.resend(id).name())
                .forEach(bus::unplug);
        network.at(downMillis, this::live);
        return gone;
    }

    /** @return how the cluster names the process, which it may take for dead */
    String hang(long millis) {
        process.hang(millis);
        return replica.nodeId();
    }

    /** Is told to leave, has its work moved if it does not end by itself, and comes back as another. */
    void leave(long moveAfterMillis, Consumer<String> left) {
        SimProcess leaving = process;
        leaving.run(() -> {
            scheduler.drain();
            state = Heartbeat.State.DRAINING;
        });
        network.at(moveAfterMillis, () -> leaving.run(() -> state = Heartbeat.State.EVACUATING));
        awaitIdle(leaving, network.now() + LATEST_LEAVE_MILLIS, left);
    }

    private void awaitIdle(SimProcess leaving, long deadline, Consumer<String> left) {
        network.at(TICK_MILLIS, () -> {
            if (leaving != process || leaving.isDead()) {
                return;
            }
            if (scheduler.isIdle() || network.now() > deadline) {
                left.accept(die(500));
            } else {
                awaitIdle(leaving, deadline, left);
            }
        });
    }

    /** As a new process would be: nothing is known of what was promised. */
    void restartBatcher() {
        incarnation++;
        scheduler = new Scheduler(replica, config, sharing, incarnation, tally);
    }

    /** As a new process would be: nothing is known, not even what routers still miss. */
    void restartWorker() {
        HashModel model = new HashModel(replica, this::lacksMemory);
        engine = new StepEngine(id, model, () -> network.now() * 1_000_000 + model.spentNanos());
    }

    /** A router is gone, as the cluster says. */
    void routerGone(String routerId) {
        process.run(() -> {
            scheduler.routerGone(routerId, network.now());
            pump();
        });
    }

    private boolean lacksMemory() {
        boolean lacks = lacksInARow < MOST_LACKS_IN_A_ROW && random.nextDouble() < lackOfMemory;
        lacksInARow += lacks ? 1 : 0;
        return lacks;
    }

    private void register(SimProcess life) {
        bus.answer(Addresses.batcher(id), answering(life, request -> {
            Admission admission = scheduler.generate(request, network.now());
            pump();
            return Future.succeededFuture(admission);
        }));
        bus.answer(
                Addresses.probe(id),
                answering(life, probe -> Future.succeededFuture(scheduler.probe(probe, network.now()))));
        bus.consume(Addresses.cancel(id), life.handler(cancel -> {
            scheduler.cancel(cancel, network.now());
            pump();
        }));
        bus.consume(Addresses.acks(id), life.handler(acks -> {
            scheduler.acks(acks, network.now());
            pump();
        }));
        bus.answer(Addresses.worker(id), answering(life, this::step));
        bus.answer(Addresses.fetch(id), answering(life, this::bring));
        bus.answer(Addresses.resend(id), answering(life, resend -> Future.succeededFuture(engine.resend(resend))));
    }

    private static <T, R> Function<T, Future<R>> answering(SimProcess life, Function<T, Future<R>> handler) {
        return message -> {
            Promise<R> answered = Promise.promise();
            life.run(() -> handler.apply(message).onComplete(answered));
            return answered.future();
        };
    }

    private Future<StepAnswer> step(StepPlan plan) {
        StepEngine.Outcome outcome = engine.run(plan);
        if (outcome.answer() instanceof StepAnswer.StepResult && plan.rows() > 0) {
            lacksInARow = 0;
        }
        outcome.batches().forEach((router, batch) -> bus.send(Addresses.tokens(router), batch));
        outcome.offers().forEach(offer -> offer.to(pool, engine.kvFormat()));
        Promise<StepAnswer> answered = Promise.promise();
        network.at(1 + random.nextInt(20), () -> answered.complete(outcome.answer()));
        return answered.future();
    }

    private Future<PrefixFetched> bring(PrefixFetch fetch) {
        StepEngine asked = engine;
        Promise<PrefixFetched> answered = Promise.promise();
        network.at(random.nextInt(random.nextInt(8) == 0 ? 2_000 : 20), () -> pool.fetch(asked.kvFormat(), fetch)
                .onSuccess(chunks -> answered.complete(asked.ready(fetch, chunks))));
        return answered.future();
    }

    private void pump() {
        Optional<StepPlan> plan = scheduler.planDue(network.now());
        scheduler.takeFetches().forEach(this::fetch);
        for (Outgoing outgoing : scheduler.takeOutbox()) {
            bus.send(Addresses.tokens(outgoing.routerId()), outgoing.batch());
        }
        plan.ifPresent(this::send);
    }

    private void fetch(PrefixFetch fetch) {
        Scheduler sender = scheduler;
        SimProcess life = process;
        bus.request(Addresses.fetch(id), fetch, Duration.ofMillis(config.answerTimeoutMillis()))
                .onComplete(answer -> life.run(() -> {
                    if (sender != scheduler) {
                        return;
                    }
                    if (answer.succeeded()) {
                        scheduler.fetched(fetch, answer.result(), network.now());
                    } else {
                        scheduler.fetchFailed(fetch, network.now());
                    }
                    pump();
                }));
    }

    private void send(StepPlan plan) {
        Scheduler sender = scheduler;
        SimProcess life = process;
        bus.request(Addresses.worker(id), plan, Duration.ofMillis(config.answerTimeoutMillis()))
                .onComplete(answer -> life.run(() -> {
                    if (sender != scheduler) {
                        return;
                    }
                    if (answer.succeeded()) {
                        scheduler.apply(answer.result(), network.now());
                    } else {
                        scheduler.unanswered(plan, network.now());
                    }
                    pump();
                }));
    }

    private void tick(SimProcess life) {
        life.run(() -> {
            scheduler.tick(network.now());
            pump();
            network.at(TICK_MILLIS, () -> tick(life));
        });
    }

    private void announce(SimProcess life) {
        life.run(() -> {
            heartbeats++;
            bus.publish(
                    Addresses.heartbeats(),
                    new Heartbeat(
                            id,
                            replica.nodeId(),
                            incarnation,
                            heartbeats,
                            state,
                            replica.modelId(),
                            replica.fingerprint(),
                            replica.contextLength(),
                            scheduler.load(),
                            scheduler.prefixDigest(64)));
            network.at(HEARTBEAT_MILLIS, () -> announce(life));
        });
    }

    boolean isAlive() {
        return !process.isDead();
    }

    @Override
    public String toString() {
        return id + (process.isDead() ? " dead" : scheduler.isIdle() ? " idle" : " at work, " + scheduler.load())
                + "; ";
    }

    boolean isIdle() {
        return !process.isDead() && scheduler.isIdle();
    }

    /** Throws when memory is still held by anything but the prefix cache. */
    void checkNothingHeld() {
        if (scheduler.kvUse().slots() != 0
                || scheduler.kvUse().blocks() != scheduler.kvUse().cachedBlocks()) {
            throw new AssertionError("memory leaked: " + scheduler.kvUse());
        }
    }

    /** What this replica's batchers went through. */
    Simulation.Tally tally() {
        return tally;
    }

    private record SimPool(FakePool pool) implements PoolPrefixes {
        @Override
        public void offer(String kvFormat, String tenant, TokenIds prefix, byte[] chunk) {
            pool.offer(kvFormat, tenant, prefix, chunk);
        }

        @Override
        public Future<List<byte[]>> fetch(String kvFormat, PrefixFetch fetch) {
            return Future.succeededFuture(pool.fetch(kvFormat, fetch));
        }
    }
}
