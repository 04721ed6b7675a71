package dev.troupe.router;

import dev.troupe.cache.hazelcast.HazelcastAccounts;
import dev.troupe.cache.hazelcast.HazelcastConversations;
import dev.troupe.cache.hazelcast.HazelcastJournal;
import dev.troupe.cache.limits.RateLimits;
import dev.troupe.cache.limits.SharedLimits;
import dev.troupe.cluster.Cluster;
import dev.troupe.router.http.PoolAdmin;
import dev.troupe.router.tenant.Stores;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;

/** A router's place in a real cluster, where nobody can be asked to leave. */
public final class Places {
    private Places() {}

    public static RouterPlace of(Cluster cluster) {
        return of(cluster, Optional.empty());
    }

    static RouterPlace of(Cluster cluster, Optional<Stores> stores) {
        return new RouterPlace(
                cluster.nodeId(),
                new HazelcastJournal(cluster.hazelcast(), ForkJoinPool.commonPool(), System::currentTimeMillis),
                new Admin(cluster),
                Optional.of(HazelcastConversations.inMemory(cluster.hazelcast())),
                limits(cluster),
                stores,
                Optional.empty());
    }

    private static RateLimits limits(Cluster cluster) {
        Vertx vertx = cluster.vertx();
        return new SharedLimits(
                new HazelcastAccounts(cluster.hazelcast()),
                (millis, task) -> {
                    long timer = vertx.setTimer(millis, fired -> task.run());
                    return () -> vertx.cancelTimer(timer);
                },
                () -> System.nanoTime() / 1_000_000,
                () -> 1);
    }

    private record Admin(Cluster cluster) implements PoolAdmin {
        @Override
        public List<Node> nodes() {
            return cluster.nodes().stream()
                    .map(node -> new Node(
                            node.id(), node.address(), node.roles(), node.id().equals(cluster.nodeId())))
                    .toList();
        }

        @Override
        public Future<Boolean> backupsAreWhole() {
            return Future.succeededFuture(true);
        }

        @Override
        public Future<Boolean> drain(String nodeId) {
            return Future.succeededFuture(false);
        }
    }
}
