package dev.troupe.cache.hazelcast;

import com.hazelcast.config.Config;
import dev.troupe.cluster.Cluster;
import dev.troupe.cluster.ClusterOptions;
import io.vertx.core.Future;
import io.vertx.core.VertxOptions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Two members of a pool in this JVM. */
final class Members implements AutoCloseable {
    final Cluster first;
    final Cluster second;

    Members(int port, Consumer<Config> keeper) {
        first = start(port, List.of(), keeper);
        second = start(port + 20, List.of("127.0.0.1:" + first.port()), keeper);
    }

    private static Cluster start(int port, List<String> join, Consumer<Config> keeper) {
        ClusterOptions options = new ClusterOptions(
                "127.0.0.1",
                port,
                true,
                join,
                "cache-test-" + ProcessHandle.current().pid());
        return await(Cluster.start(options, new VertxOptions(), Set.of(), List.of(keeper)));
    }

    static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    @Override
    public void close() {
        await(second.leave());
        await(first.leave());
    }
}
