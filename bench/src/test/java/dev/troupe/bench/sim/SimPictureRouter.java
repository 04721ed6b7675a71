package dev.troupe.bench.sim;

import dev.troupe.batcher.sim.SimNetwork;
import dev.troupe.cluster.Addresses;
import dev.troupe.router.picture.PictureJobs;
import dev.troupe.router.picture.PicturePool;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** One router: the real jobs, in a shell as thin as its verticle's, in a process that may hang or die. */
final class SimPictureRouter {
    private static final long SWEEP_MILLIS = 200;
    private static final long ORPHANS_MILLIS = 5_000;

    private final String id;
    private final SimNetwork network;
    private final SimBus bus;
    private final SimPictureJournal journal;
    private final Supplier<Set<String>> living;
    private final SimProcess process;
    private final PictureJobs jobs;

    /** @param living routers, as the cluster says */
    SimPictureRouter(
            String id,
            SimNetwork network,
            SimBus bus,
            SimPictureJournal journal,
            SimKeeper keeper,
            Supplier<Set<String>> living) {
        this.id = id;
        this.network = network;
        this.bus = bus;
        this.journal = journal;
        this.living = living;
        this.process = new SimProcess(network);
        jobs = new PictureJobs(new PicturePool(
                bus,
                id,
                journal,
                keeper,
                new SimTimers(network, process),
                PicturePool.PictureTimes.DEFAULT,
                network::now));
        bus.consume(Addresses.pictureNews(id), process.handler(jobs::hear));
        bus.consume(Addresses.pictureHeartbeats(), process.handler(heartbeat -> jobs.heard(heartbeat, network.now())));
        bus.consume(Addresses.stop(id), process.handler(stop -> jobs.stop(stop.streamId())));
        sweep();
        orphans();
    }

    String id() {
        return id;
    }

    private void sweep() {
        process.run(() -> {
            jobs.sweep(network.now());
            network.at(SWEEP_MILLIS, this::sweep);
        });
    }

    private void orphans() {
        process.run(() -> journal.owners()
                .thenAccept(owners -> process.run(() -> {
                    owners.stream()
                            .filter(owner -> !living.get().contains(owner))
                            .forEach(jobs::adopt);
                    network.at(ORPHANS_MILLIS, this::orphans);
                })));
    }

    void arrive(SimPicture picture) {
        process.run(() -> {
            picture.asked(this);
            jobs.start(picture.order(), picture)
                    .onComplete(answer -> process.run(() -> {
                        if (answer.succeeded()) {
                            picture.accepted();
                        } else {
                            picture.refused(answer.cause());
                        }
                    }));
        });
    }

    void cancel(SimPicture picture) {
        process.run(() -> jobs.cancel(picture.order().tenant(), picture.order().id())
                .onSuccess(cancelled -> {
                    if (cancelled) {
                        picture.cancelled();
                    }
                }));
    }

    void nodeLeft(String nodeId) {
        process.run(() -> jobs.nodeLeft(nodeId));
    }

    void adopt(String deadRouter) {
        process.run(() -> jobs.adopt(deadRouter));
    }

    void die() {
        process.die();
        List.of(Addresses.pictureNews(id).name(), Addresses.stop(id).name()).forEach(bus::unplug);
    }

    void hang(long millis) {
        process.hang(millis);
    }

    /** It leaves its jobs to the others. */
    void leave() {
        process.run(() -> {
            jobs.drain();
            jobs.move();
        });
    }

    boolean isDead() {
        return process.isDead();
    }

    boolean isDone() {
        return process.isDead() || jobs.size() == 0;
    }

    @Override
    public String toString() {
        return id + (process.isDead() ? " dead" : " ") + jobs;
    }
}
