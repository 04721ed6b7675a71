package dev.troupe.router;

import dev.troupe.cluster.Addresses;
import dev.troupe.cluster.Bus;
import dev.troupe.cluster.message.ModelCardRequest;
import dev.troupe.models.ModelCard;
import dev.troupe.router.prompt.ServedModel;
import dev.troupe.router.replica.Replica;
import dev.troupe.router.replica.ReplicaDirectory;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches the card of each model that appears, once, and makes its tokenizer and template on a worker thread. */
final class ModelCards {
    private static final Logger log = LoggerFactory.getLogger(ModelCards.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long RETRY_MILLIS = 2_000;

    private final Bus bus;
    private final WorkerExecutor workers;
    private final Function<ModelCard, ServedModel> loader;
    private final LongSupplier clock;
    private final Map<String, ServedModel> loaded = new HashMap<>();
    private final Map<String, Long> nextTry = new HashMap<>();

    ModelCards(Bus bus, WorkerExecutor workers, Function<ModelCard, ServedModel> loader, LongSupplier clock) {
        this.bus = bus;
        this.workers = workers;
        this.loader = loader;
        this.clock = clock;
    }

    Optional<ServedModel> find(String fingerprint) {
        return Optional.ofNullable(loaded.get(fingerprint));
    }

    /** Asks for what is missing. */
    void fetch(ReplicaDirectory directory) {
        long now = clock.getAsLong();
        for (Replica replica : directory.oneOfEach()) {
            String fingerprint = replica.heartbeat().fingerprint();
            if (!loaded.containsKey(fingerprint) && nextTry.getOrDefault(fingerprint, now) <= now) {
                nextTry.put(fingerprint, Long.MAX_VALUE);
                fetch(replica.id(), fingerprint);
            }
        }
    }

    private void fetch(String replicaId, String fingerprint) {
        bus.request(Addresses.card(replicaId), new ModelCardRequest(fingerprint), TIMEOUT)
                .compose(reply -> workers.executeBlocking(() -> loader.apply(ModelCard.decode(reply.card())), false))
                .onSuccess(model -> {
                    loaded.put(fingerprint, model);
                    nextTry.remove(fingerprint);
                    log.info("Serving {}", model.card());
                })
                .onFailure(failure -> {
                    nextTry.put(fingerprint, clock.getAsLong() + RETRY_MILLIS);
                    log.warn("No model card from replica {}, asking again: {}", replicaId, failure.getMessage());
                });
    }
}
