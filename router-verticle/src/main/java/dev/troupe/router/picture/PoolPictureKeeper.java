package dev.troupe.router.picture;

import dev.troupe.cache.hazelcast.HazelcastPictures;
import dev.troupe.cache.picture.PoolPicture;
import dev.troupe.cluster.picture.EncodedPicture;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/** Keeps pictures in the pool's memory, where there is no database: for an hour, and as many as fit. */
public final class PoolPictureKeeper implements PictureKeeper {
    private final Vertx vertx;
    private final HazelcastPictures pictures;
    private final LongSupplier wallClock;

    /** @param wallClock milliseconds since 1970; pictures of a conversation are in the order in which they were kept */
    public PoolPictureKeeper(Vertx vertx, HazelcastPictures pictures, LongSupplier wallClock) {
        this.vertx = vertx;
        this.pictures = pictures;
        this.wallClock = wallClock;
    }

    @Override
    public Future<Void> keep(PictureOrder order, EncodedPicture picture, List<String> warnings) {
        PoolPicture kept = new PoolPicture(
                order.id(),
                order.tenant(),
                order.lineage().conversation(),
                wallClock.getAsLong(),
                PictureOrders.encode(order),
                picture.size(),
                warnings);
        return here(pictures.keep(kept, picture));
    }

    @Override
    public Future<Optional<Kept>> find(String tenant, String id) {
        return here(pictures.find(tenant, id)).map(found -> found.map(PoolPictureKeeper::kept));
    }

    private static Kept kept(PoolPicture picture) {
        return new Kept(PictureOrders.decode(picture.order()), picture.size(), picture.warnings());
    }

    @Override
    public Future<Optional<EncodedPicture>> content(String tenant, String id) {
        return here(pictures.content(tenant, id));
    }

    @Override
    public Future<List<Kept>> conversation(String tenant, String conversation) {
        return here(pictures.conversation(tenant, conversation))
                .map(found -> found.stream().map(PoolPictureKeeper::kept).toList());
    }

    @Override
    public Future<Boolean> delete(String tenant, String id) {
        return here(pictures.delete(tenant, id));
    }

    private <T> Future<T> here(CompletionStage<T> stage) {
        return Future.fromCompletionStage(stage, vertx.getOrCreateContext());
    }
}
