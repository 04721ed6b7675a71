package dev.troupe.bench.sim;

import dev.troupe.batcher.sim.SimNetwork;
import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.router.picture.PictureKeeper;
import dev.troupe.router.picture.PictureOrder;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** A store that takes its time and sometimes fails, before or after it has kept what it was given. */
final class SimKeeper implements PictureKeeper {
    private final SimNetwork network;
    private final Random random;
    private final double failures;
    private final Map<String, EncodedPicture> kept = new HashMap<>();

    SimKeeper(SimNetwork network, Random random, double failures) {
        this.network = network;
        this.random = random;
        this.failures = failures;
    }

    @Override
    public Future<Void> keep(PictureOrder order, EncodedPicture picture, List<String> warnings) {
        Promise<Void> done = Promise.promise();
        boolean fails = random.nextDouble() < failures;
        boolean keeps = !fails || random.nextBoolean();
        network.at(1 + random.nextInt(fails ? 2_000 : 20), () -> {
            if (keeps) {
                EncodedPicture before = kept.putIfAbsent(order.id(), picture);
                if (before != null && !before.equals(picture)) {
                    throw new AssertionError(order.id() + " was kept with two contents");
                }
            }
            if (fails) {
                done.tryFail("the store is not there");
            } else {
                done.tryComplete();
            }
        });
        return done.future();
    }

    Optional<EncodedPicture> look(String id) {
        return Optional.ofNullable(kept.get(id));
    }

    @Override
    public Future<Optional<Kept>> find(String tenant, String id) {
        throw new UnsupportedOperationException("no job asks");
    }

    @Override
    public Future<Optional<EncodedPicture>> content(String tenant, String id) {
        throw new UnsupportedOperationException("no job asks");
    }

    @Override
    public Future<List<Kept>> conversation(String tenant, String conversation) {
        throw new UnsupportedOperationException("no job asks");
    }

    @Override
    public Future<Boolean> delete(String tenant, String id) {
        throw new UnsupportedOperationException("no job asks");
    }
}
