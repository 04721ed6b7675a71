package dev.troupe.node;

import dev.troupe.cluster.Addresses;
import dev.troupe.cluster.Bus;
import dev.troupe.cluster.Cluster;
import dev.troupe.cluster.message.BackupQuestion;
import dev.troupe.cluster.message.BackupState;
import dev.troupe.cluster.message.DrainNode;
import dev.troupe.router.http.PoolAdmin;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/** What an operator may ask of the pool, answered from the cluster. */
final class ClusterAdmin implements PoolAdmin {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    /** Who does not say quickly that all is well is not well. */
    private static final Duration BACKUP_TIMEOUT = Duration.ofSeconds(2);

    private final Cluster cluster;

    ClusterAdmin(Cluster cluster) {
        this.cluster = cluster;
    }

    /** @param onDrain done when somebody asks that this process leaves */
    static Future<Void> answer(Cluster cluster, Runnable onDrain) {
        Bus bus = Bus.of(cluster.vertx());
        return bus.answer(Addresses.drain(cluster.nodeId()), question -> {
                    onDrain.run();
                    return Future.succeededFuture(question);
                })
                .compose(registered -> bus.answer(Addresses.backups(cluster.nodeId()), question -> cluster.vertx()
                        .executeBlocking(
                                () -> new BackupState(cluster.hazelcast()
                                        .getPartitionService()
                                        .isLocalMemberSafe()),
                                false)));
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
        // Hazelcast's own question to the whole cluster waits two minutes for a member that has just died.
        Bus bus = Bus.of(cluster.vertx());
        List<Future<BackupState>> answers = nodes().stream()
                .map(node -> bus.request(Addresses.backups(node.id()), new BackupQuestion(), BACKUP_TIMEOUT))
                .toList();
        return Future.all(answers)
                .map(all -> answers.stream().allMatch(answer -> answer.result().whole()))
                .otherwise(false);
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
