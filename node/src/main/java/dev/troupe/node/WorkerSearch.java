package dev.troupe.node;

import dev.troupe.cluster.Addresses;
import dev.troupe.cluster.Bus;
import dev.troupe.cluster.message.ReplicaDescription;
import dev.troupe.cluster.message.ReplicaQuestion;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;

/** Asks the worker of a replica what it is, until it is there to answer. */
final class WorkerSearch {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final long PAUSE_MILLIS = 250;

    private final Vertx vertx;
    private final String replicaId;
    private final Promise<ReplicaDescription> found = Promise.promise();

    private WorkerSearch(Vertx vertx, String replicaId) {
        this.vertx = vertx;
        this.replicaId = replicaId;
    }

    /** @return completes with the first answer, however long that takes */
    static Future<ReplicaDescription> start(Vertx vertx, String replicaId) {
        WorkerSearch search = new WorkerSearch(vertx, replicaId);
        search.ask();
        return search.found.future();
    }

    private void ask() {
        Bus.of(vertx)
                .request(Addresses.describe(replicaId), new ReplicaQuestion(replicaId), TIMEOUT)
                .onSuccess(found::complete)
                .onFailure(failure -> vertx.setTimer(PAUSE_MILLIS, timer -> ask()));
    }
}
