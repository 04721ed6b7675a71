package dev.troupe.node;

import dev.troupe.cluster.Addresses;
import dev.troupe.cluster.Bus;
import dev.troupe.cluster.Cluster;
import dev.troupe.cluster.message.DrainNode;
import dev.troupe.router.http.PoolAdmin;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/** What an operator may ask of the pool, answered from the cluster. */
final class ClusterAdmin implements PoolAdmin {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Cluster cluster;

    ClusterAdmin(Cluster cluster) {
        this.cluster = cluster;
    }

    /** @param onDrain done when somebody asks that this process leaves */
    static Future<Void> answerDrain(Cluster cluster, Runnable onDrain) {
        return Bus.of(cluster.vertx()).answer(Addresses.drain(cluster.nodeId()), question -> {
            onDrain.run();
            return Future.succeededFuture(question);
        });
    }

    @Override
    public List<Node> nodes() {
        return cluster.nodes().stream()
                .map(node -> new Node(
                        node.id(), node.address(), node.roles(), node.id().equals(cluster.nodeId())))
                .toList();
    }

    @Override
    public Future<Boolean> backupsAreWhole() {
        return cluster.vertx()
                .executeBlocking(() -> cluster.hazelcast().getPartitionService().isClusterSafe(), false);
    }

    @Override
    public Future<Boolean> drain(String nodeId) {
        if (cluster.nodes().stream().noneMatch(node -> node.id().equals(nodeId))) {
            return Future.succeededFuture(false);
        }
        return Bus.of(cluster.vertx())
                .request(Addresses.drain(nodeId), new DrainNode(nodeId), TIMEOUT)
                .map(answered -> true);
    }
}
