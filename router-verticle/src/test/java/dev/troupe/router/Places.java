package dev.troupe.router;

import dev.troupe.cache.hazelcast.HazelcastConversations;
import dev.troupe.cache.hazelcast.HazelcastJournal;
import dev.troupe.cluster.Cluster;
import dev.troupe.router.http.PoolAdmin;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;

/** A router's place in a real cluster, where nobody can be asked to leave. */
public final class Places {
    private Places() {}

    public static RouterPlace of(Cluster cluster) {
        return new RouterPlace(
                cluster.nodeId(),
                new HazelcastJournal(cluster.hazelcast(), ForkJoinPool.commonPool(), System::currentTimeMillis),
                new Admin(cluster),
                Optional.of(HazelcastConversations.inMemory(cluster.hazelcast())));
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
