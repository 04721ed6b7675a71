package dev.troupe.node;

import dev.troupe.cache.hazelcast.HazelcastConversations;
import dev.troupe.cache.hazelcast.HazelcastPictureJournal;
import dev.troupe.cache.hazelcast.HazelcastPictures;
import dev.troupe.cache.hazelcast.HazelcastServiceLedger;
import dev.troupe.cluster.Cluster;
import dev.troupe.cluster.ClusterOptions;
import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.cluster.picture.PictureOutput;
import dev.troupe.cluster.picture.PictureSpec;
import dev.troupe.cluster.tenant.Share;
import dev.troupe.router.Places;
import dev.troupe.router.RouterConfig;
import dev.troupe.router.RouterPlace;
import dev.troupe.router.RouterVerticle;
import dev.troupe.router.picture.PictureBooks;
import dev.troupe.router.picture.PictureKeeper;
import dev.troupe.router.picture.PictureListener;
import dev.troupe.router.picture.PictureOrder;
import dev.troupe.router.picture.PictureStatus;
import dev.troupe.router.picture.Pictures;
import dev.troupe.router.picture.PoolPictureKeeper;
import io.prometheus.client.CollectorRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VertxOptions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** The real router in this process, a member of a real pool, where orders can be given without HTTP. */
final class PictureRouter implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 120;

    private final Cluster cluster;
    private final RouterVerticle router;
    private final PictureKeeper keeper;

    /** What an order has come to. */
    static final class Watch implements PictureListener {
        private final AtomicReference<PictureStatus> last = new AtomicReference<>();
        private final Promise<PictureStatus> end = Promise.promise();

        @Override
        public void moved(PictureStatus status) {
            last.set(status);
        }

        @Override
        public void preview(int index, EncodedPicture picture) {
            // Not asked for.
        }

        @Override
        public void ended(PictureStatus status) {
            // A second end would fail here.
            end.complete(status);
        }

        int done() {
            PictureStatus status = last.get();
            return status == null ? 0 : status.done();
        }

        PictureStatus await() throws Exception {
            return PictureRouter.await(end.future());
        }
    }

    PictureRouter(String join) throws Exception {
        ClusterOptions options = new ClusterOptions("127.0.0.1", 16_801, true, List.of(join), "troupe");
        cluster = await(Cluster.start(
                options,
                new VertxOptions(),
                Set.of(Role.ROUTER.word()),
                List.of(HazelcastConversations::configure, HazelcastServiceLedger::configure)));
        keeper = new PoolPictureKeeper(
                cluster.vertx(),
                new HazelcastPictures(cluster.hazelcast(), ForkJoinPool.commonPool()),
                System::currentTimeMillis);
        RouterPlace place = Places.of(cluster)
                .withPictures(new PictureBooks(
                        new HazelcastPictureJournal(cluster.hazelcast(), ForkJoinPool.commonPool()), keeper));
        router = new RouterVerticle(RouterConfig.DEFAULT.withAddress("127.0.0.1", 0), place, new CollectorRegistry());
        await(cluster.vertx().deployVerticle(router));
        cluster.onNodeLeft(router::nodeLeft);
    }

    static PictureOrder order(String id, int steps, double guidance, long seed) {
        PictureSpec spec = new PictureSpec(
                "tiny-sd", "a cat", "", 16, 16, steps, guidance, "ddim", seed, Optional.empty(), PictureOutput.PNG, 0);
        return new PictureOrder(
                id,
                "local",
                Optional.empty(),
                "weights",
                Share.EQUAL,
                spec,
                new PictureOrder.Lineage("a cat", Optional.empty(), Optional.empty(), Optional.empty()),
                1);
    }

    Watch start(PictureOrder order) throws Exception {
        Watch watch = new Watch();
        await(on(pictures -> pictures.start(order, watch)));
        return watch;
    }

    Optional<PictureStatus> status(String id) throws Exception {
        return await(on(pictures -> pictures.status("local", id)));
    }

    boolean cancel(String id) throws Exception {
        return await(on(pictures -> pictures.cancel("local", id)));
    }

    /** @return models that can be asked for now */
    int models() throws Exception {
        return await(on(pictures -> Future.succeededFuture(pictures.models().size())));
    }

    Optional<EncodedPicture> content(String id) throws Exception {
        return await(on(pictures -> keeper.content("local", id)));
    }

    int members() {
        return cluster.size();
    }

    /** On the router's own event loop: that is what its callers owe it. */
    private <T> Future<T> on(Function<Pictures, Future<T>> call) {
        Promise<T> answer = Promise.promise();
        router.withPictures(pictures -> call.apply(pictures).onComplete(answer));
        return answer.future();
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        cluster.leave().toCompletionStage().toCompletableFuture().join();
    }

    /** A router in a process of its own that gives one order and then waits to be killed. */
    public static void main(String[] arguments) throws Exception {
        PictureRouter router = new PictureRouter(arguments[0]);
        while (router.models() == 0) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        Watch watch = router.start(order(arguments[1], Integer.parseInt(arguments[2]), 3, 7));
        while (watch.done() < Integer.parseInt(arguments[3])) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        System.out.println("under way");
        watch.await();
        System.out.println("ended");
    }
}
