package dev.troupe.bench.sim;

import dev.troupe.batcher.sim.SimNetwork;
import dev.troupe.cache.picture.JournaledPicture;
import dev.troupe.cluster.picture.PictureOutput;
import dev.troupe.cluster.picture.PictureSpec;
import dev.troupe.cluster.tenant.Priority;
import dev.troupe.cluster.tenant.Share;
import dev.troupe.image.work.StepConfig;
import dev.troupe.router.picture.PictureOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;

/**
 * Two routers and two image workers in a pool where messages are lost, doubled and late and processes die, hang, leave and come back, everything
 * by one seed. {@link #run} throws what is not as promised.
 */
final class PictureSimulation {
    private static final long MEMBER_SILENCE_MILLIS = 3_000;
    private static final long WARM_UP_MILLIS = 1_500;
    private static final long END_OF_TROUBLE_MILLIS = 60_000;
    private static final long END_OF_PATIENCE_MILLIS = 1_800_000;

    private final Random random;
    private final SimNetwork network;
    private final SimBus bus;
    private final SimPictureJournal journal;
    private final SimKeeper keeper;
    private final List<SimImageWorker> workers = new ArrayList<>();
    private final List<SimPictureRouter> routers = new ArrayList<>();
    private final Set<String> living = new HashSet<>();
    private final Map<String, SimPicture> pictures = new LinkedHashMap<>();
    private final Set<String> mayFail = new HashSet<>();
    private final boolean troubled;
    private final boolean processesDie;
    private boolean over;

    PictureSimulation(long seed) {
        random = new Random(seed);
        troubled = random.nextInt(3) > 0;
        processesDie = random.nextInt(3) > 0;
        network = new SimNetwork(random, troubled ? random.nextDouble() * 0.08 : 0);
        bus = new SimBus(network);
        journal = new SimPictureJournal(network, random, processesDie ? 0.02 : 0);
        keeper = new SimKeeper(network, random, random.nextInt(3) == 0 ? 0.3 : 0);
        double failures = random.nextInt(4) == 0 ? 0.02 : 0;
        if (failures > 0) {
            mayFail.add("picture_failed");
        }
        StepConfig config = new StepConfig(
                2 + random.nextInt(7),
                4 + random.nextInt(30),
                3 + random.nextInt(20),
                1 << 20,
                1_000 + random.nextInt(20_000),
                random.nextInt(1_500),
                1_000,
                60_000,
                60_000);
        for (int i = 0; i < 2; i++) {
            workers.add(new SimImageWorker("image" + i, config, network, bus, random, failures, this::nodeLeft));
        }
        for (int i = 0; i < 2; i++) {
            living.add("router" + i);
            routers.add(new SimPictureRouter("router" + i, network, bus, journal, keeper, () -> living));
        }
    }

    private void nodeLeft(String node) {
        routers.forEach(router -> router.nodeLeft(node));
    }

    /** Runs until every picture is over and nothing is left anywhere. @return how many were made, as somebody was told */
    int run() {
        int orders = 1 + random.nextInt(25);
        boolean deadly = random.nextInt(6) == 0;
        if (deadly && troubled) {
            // Who rests while the deadly one is made alone is told so, and that word can be lost.
            mayFail.add("worker_killed");
        }
        for (int i = 0; i < orders; i++) {
            plan(i, deadly && i == 0);
        }
        planDeaths();
        network.at(END_OF_TROUBLE_MILLIS, network::calm);
        network.at(END_OF_TROUBLE_MILLIS, this::watch);
        while (!over && network.next()) {
            if (network.now() > END_OF_PATIENCE_MILLIS) {
                throw new AssertionError("not over after half an hour: " + workers + routers);
            }
        }
        workers.forEach(SimImageWorker::checkNothingHeld);
        Map<String, JournaledPicture> written = new LinkedHashMap<>();
        journal.all().forEach(order -> written.put(order.head().id(), order));
        pictures.values()
                .forEach(picture -> picture.check(
                        Optional.ofNullable(written.get(picture.order().id())),
                        keeper.look(picture.order().id()),
                        mayFail));
        return (int) pictures.values().stream().filter(SimPicture::wasMade).count();
    }

    private void planDeaths() {
        for (SimImageWorker worker : workers) {
            for (int i = random.nextInt(3); processesDie && i > 0; i--) {
                network.at(WARM_UP_MILLIS + random.nextInt(25_000), () -> strike(worker));
            }
        }
        if (processesDie && random.nextInt(2) == 0) {
            int how = random.nextInt(3);
            network.at(WARM_UP_MILLIS + random.nextInt(20_000), () -> strike(routers.get(0), how));
        }
    }

    private void strike(SimImageWorker worker) {
        if (!worker.isAlive()) {
            return;
        }
        switch (random.nextInt(4)) {
            case 0 -> worker.leave();
            case 1 -> worker.hang(random.nextInt(8_000), MEMBER_SILENCE_MILLIS);
            default -> worker.die(random.nextInt(10_000));
        }
    }

    private void strike(SimPictureRouter router, int how) {
        switch (how) {
            case 0 -> {
                router.die();
                network.at(random.nextInt(1_000), () -> routerLeft(router));
            }
            case 1 -> {
                long millis = random.nextInt(8_000);
                router.hang(millis);
                if (millis > MEMBER_SILENCE_MILLIS) {
                    network.at(MEMBER_SILENCE_MILLIS, () -> routerLeft(router));
                }
            }
            default -> {
                router.leave();
                network.at(random.nextInt(1_000), () -> routerLeft(router));
            }
        }
    }

    private void routerLeft(SimPictureRouter router) {
        living.remove(router.id());
        routers.get(1).adopt(router.id());
    }

    private void plan(int number, boolean deadly) {
        String id = (deadly ? SimImageWorker.DEADLY : "img_") + number;
        PictureSpec spec = new PictureSpec(
                SimImageWorker.MODEL,
                "a",
                "",
                SimImageWorker.SIDE,
                SimImageWorker.SIDE,
                1 + random.nextInt(random.nextInt(4) == 0 ? 200 : 40),
                random.nextBoolean() ? 1 : 3,
                random.nextBoolean() ? "euler" : "dpmpp_2m",
                random.nextLong(),
                Optional.empty(),
                PictureOutput.PNG,
                random.nextInt(4));
        OptionalLong deadline = random.nextInt(8) == 0 ? OptionalLong.of(random.nextInt(5_000)) : OptionalLong.empty();
        if (deadline.isPresent()) {
            mayFail.add("deadline_unreachable");
        }
        PictureOrder order = new PictureOrder(
                id,
                random.nextInt(4) == 0 ? "u" : "t",
                Optional.empty(),
                "weights",
                new Share(1 + random.nextInt(4), List.of(Priority.values()).get(random.nextInt(3)), deadline),
                spec,
                new PictureOrder.Lineage("a", Optional.empty(), Optional.empty(), Optional.empty()),
                0);
        SimPicture picture = new SimPicture(order, deadly);
        pictures.put(id, picture);
        SimPictureRouter router = routers.get(random.nextInt(2));
        SimPictureRouter other = routers.get(random.nextInt(2));
        network.at(WARM_UP_MILLIS + random.nextInt(10_000), () -> router.arrive(picture));
        if (random.nextInt(3) == 0) {
            network.at(WARM_UP_MILLIS + random.nextInt(20_000), () -> other.cancel(picture));
        }
    }

    private void watch() {
        over = workers.stream().allMatch(SimImageWorker::isIdle)
                && routers.stream().allMatch(SimPictureRouter::isDone)
                && journal.all().stream().allMatch(order -> order.outcome().isPresent());
        if (!over) {
            network.at(100, this::watch);
        }
    }
}
