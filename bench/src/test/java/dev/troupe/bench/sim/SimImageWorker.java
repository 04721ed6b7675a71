package dev.troupe.bench.sim;

import dev.troupe.batcher.sim.SimNetwork;
import dev.troupe.cluster.Addresses;
import dev.troupe.cluster.RequestAddress;
import dev.troupe.cluster.message.Admission;
import dev.troupe.cluster.message.Heartbeat;
import dev.troupe.cluster.message.PictureHeartbeat;
import dev.troupe.cluster.message.PictureNews;
import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.cluster.picture.PictureModel;
import dev.troupe.cluster.picture.PictureOutput;
import dev.troupe.cluster.picture.PictureSpec;
import dev.troupe.cluster.picture.PictureType;
import dev.troupe.image.Picture;
import dev.troupe.image.SeedModel;
import dev.troupe.image.work.Pass;
import dev.troupe.image.work.PassResult;
import dev.troupe.image.work.PictureEngine;
import dev.troupe.image.work.PictureMetrics;
import dev.troupe.image.work.PictureSizes;
import dev.troupe.image.work.StepConfig;
import dev.troupe.image.work.StepScheduler;
import dev.troupe.image.work.Studio;
import io.vertx.core.Promise;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** One image worker: the real scheduler and engine on a fake model, in a shell as thin as its verticle's, in a process that dies, hangs and comes back. */
final class SimImageWorker {
    static final int SIDE = 4;
    static final String MODEL = "fake";
    static final PictureModel CARD =
            new PictureModel(MODEL, "f", List.of(new PictureModel.Size(SIDE, SIDE)), List.of("euler"), 20, 7.5, false);
    /** A pass with a picture of this in it ends the process. */
    static final String DEADLY = "deadly";

    private static final Studio STUDIO = studio();
    private static final long HEARTBEAT_MILLIS = 500;
    private static final long TICK_MILLIS = 100;

    private final String id;
    private final StepConfig config;
    private final SimNetwork network;
    private final SimBus bus;
    private final Random random;
    private final double failures;
    private final Consumer<String> nodeLeft;
    private int lives;
    private Life life;

    /** @param failures chance of a pass to fail */
    SimImageWorker(
            String id,
            StepConfig config,
            SimNetwork network,
            SimBus bus,
            Random random,
            double failures,
            Consumer<String> nodeLeft) {
        this.id = id;
        this.config = config;
        this.network = network;
        this.bus = bus;
        this.random = random;
        this.failures = failures;
        this.nodeLeft = nodeLeft;
        life = new Life();
    }

    private static Studio studio() {
        SeedModel model = new SeedModel();
        return new Studio(
                model.noise(),
                new PictureSizes(SIDE, model.factor()),
                3,
                "weights",
                (picture, output, provenance) -> file(picture));
    }

    /** All bits of it, which no format that loses any would show. */
    private static EncodedPicture file(Picture picture) {
        float[] values = picture.values();
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return new EncodedPicture(PictureType.PNG, bytes.array());
    }

    /** @return what a picture is that nothing ever happened to */
    static EncodedPicture undisturbed(PictureSpec spec) {
        try (PictureEngine engine = new PictureEngine(new SeedModel(), 2, () -> 0L)) {
            var prepared = STUDIO.prepare(spec);
            var join = new Pass.Join("one", "t", prepared.request(), Optional.empty());
            List<Pass.Join> joins = List.of(join);
            for (int i = 0; i < spec.steps(); i++) {
                engine.run(
                        new Pass(i, List.of(), joins, Optional.empty(), List.of("one"), Set.of(), Optional.empty(), 2));
                joins = List.of();
            }
            PassResult last = engine.run(
                    new Pass(0, List.of(), List.of(), Optional.of("one"), List.of(), Set.of(), Optional.empty(), 0));
            return STUDIO.write(last.finished().orElseThrow(), spec, prepared, PictureOutput.PNG);
        }
    }

    /** One process. */
    private final class Life {
        private final SimProcess process = new SimProcess(network);
        private final StepScheduler scheduler = new StepScheduler(config, MODEL, STUDIO, PictureMetrics.NONE);
        private final PictureEngine engine = new PictureEngine(new SeedModel(), config.maxRows(), () -> 0L);
        private final int number = ++lives;
        private final Map<String, Integer> current = new HashMap<>();
        private final Map<String, Integer> cancelled = new HashMap<>();
        private long heartbeats;
        private boolean leaving;
        private boolean gone;

        Life() {
            answer(Addresses.imageWorker(id), request -> {
                Admission admission = scheduler.generate(request, network.now());
                if (admission instanceof Admission.Admitted admitted) {
                    current.merge(
                            request.attempt().requestId(), admitted.attempt().epoch(), Math::max);
                }
                return admission;
            });
            answer(Addresses.pictureProbe(id), probe -> scheduler.probe(probe, network.now()));
            bus.consume(Addresses.cancelPicture(id), process.handler(cancel -> {
                scheduler.cancel(cancel, network.now());
                cancelled.merge(cancel.attempt().requestId(), cancel.attempt().epoch(), Math::max);
                pump();
            }));
            bus.consume(Addresses.pictureAcks(id), process.handler(ack -> {
                scheduler.ack(ack, network.now());
                pump();
            }));
            tick();
            beat();
        }

        private <T, R> void answer(RequestAddress<T, R> at, Function<T, R> handler) {
            bus.answer(at, message -> {
                Promise<R> answered = Promise.promise();
                process.run(() -> {
                    answered.tryComplete(handler.apply(message));
                    pump();
                });
                return answered.future();
            });
        }

        private String node() {
            return "node-" + id + "-" + number;
        }

        private void tick() {
            process.run(() -> {
                if (!gone) {
                    scheduler.tick(network.now());
                    pump();
                    network.at(TICK_MILLIS, this::tick);
                }
            });
        }

        private void beat() {
            process.run(() -> {
                if (!gone) {
                    announce(leaving ? Heartbeat.State.DRAINING : Heartbeat.State.READY);
                    network.at(HEARTBEAT_MILLIS, this::beat);
                }
            });
        }

        private void announce(Heartbeat.State state) {
            heartbeats++;
            bus.publish(
                    Addresses.pictureHeartbeats(),
                    new PictureHeartbeat(id, node(), number, heartbeats, state, CARD, scheduler.load()));
        }

        private void pump() {
            Optional<Pass> pass = scheduler.passDue(network.now());
            pass.ifPresent(this::checkNobodyIsCancelled);
            scheduler
                    .takeNews()
                    .forEach((router, events) -> bus.send(Addresses.pictureNews(router), new PictureNews(id, events)));
            pass.ifPresent(due -> network.at(5 + random.nextInt(60), () -> process.run(() -> run(due))));
            scheduler
                    .takePreparations()
                    .forEach(one -> network.at(
                            random.nextInt(20),
                            () -> process.run(() -> {
                                scheduler.prepared(
                                        one,
                                        Optional.of(STUDIO.prepare(one.request().spec())),
                                        "");
                                pump();
                            })));
            scheduler
                    .takeWritings()
                    .forEach(one -> network.at(
                            random.nextInt(40),
                            () -> process.run(() -> {
                                EncodedPicture file = STUDIO.write(
                                        one.picture(), one.request().spec(), one.prepared(), PictureOutput.PNG);
                                scheduler.written(one, Optional.of(file), "", network.now());
                                pump();
                            })));
        }

        private void checkNobodyIsCancelled(Pass pass) {
            for (String step : pass.steps()) {
                String picture = step.substring(0, step.indexOf('#'));
                if (cancelled.getOrDefault(picture, 0) >= current.get(picture)) {
                    throw new AssertionError(picture + " does a step after it was cancelled");
                }
            }
        }

        private void run(Pass pass) {
            if (pass.steps().stream().anyMatch(step -> step.startsWith(DEADLY))) {
                die(500 + random.nextInt(5_000));
            } else if (random.nextDouble() < failures) {
                scheduler.failed(pass, "the device is not well", network.now());
                pump();
            } else {
                scheduler.apply(engine.run(pass), network.now());
                pump();
            }
        }
    }

    boolean isAlive() {
        return !life.process.isDead() && !life.leaving;
    }

    /** As by a kill; the pool sees it some time later, and it comes back as another. */
    void die(long backAfter) {
        String node = life.node();
        life.process.die();
        unplug();
        // Not before its last words have come: the socket is closed after them.
        network.at(10 + random.nextInt(990), () -> nodeLeft.accept(node));
        network.at(1_000 + backAfter, () -> life = new Life());
    }

    /** It stands still; where that takes too long the pool goes on without it, which it notices when it wakes, and begins anew. */
    void hang(long millis, long memberSilence) {
        Life hung = life;
        hung.process.hang(millis);
        if (millis > memberSilence) {
            network.at(memberSilence, () -> nodeLeft.accept(hung.node()));
            network.at(millis + random.nextInt(300), () -> {
                if (life == hung && !hung.process.isDead()) {
                    hung.process.die();
                    unplug();
                    network.at(500, () -> life = new Life());
                }
            });
        }
    }

    /** It drains, leaves when nothing is left, and comes back. */
    void leave() {
        Life old = life;
        old.leaving = true;
        old.scheduler.drain();
        leaveWhenIdle(old);
    }

    private void leaveWhenIdle(Life old) {
        if (old.process.isDead()) {
            return;
        }
        if (!old.scheduler.isIdle()) {
            network.at(200, () -> leaveWhenIdle(old));
            return;
        }
        old.announce(Heartbeat.State.GONE);
        old.gone = true;
        old.process.die();
        unplug();
        network.at(random.nextInt(500), () -> nodeLeft.accept(old.node()));
        network.at(1_000, () -> life = new Life());
    }

    private void unplug() {
        bus.unplug(Addresses.imageWorker(id).name());
        bus.unplug(Addresses.pictureProbe(id).name());
        bus.unplug(Addresses.cancelPicture(id).name());
        bus.unplug(Addresses.pictureAcks(id).name());
    }

    boolean isIdle() {
        return !life.process.isDead() && life.scheduler.isIdle();
    }

    void checkNothingHeld() {
        if (life.engine.size() > 0) {
            throw new AssertionError(id + " still holds " + life.engine.size() + " pictures");
        }
    }

    @Override
    public String toString() {
        return id + " " + life.scheduler.load() + (life.scheduler.isIdle() ? " idle" : " busy");
    }
}
