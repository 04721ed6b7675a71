package dev.troupe.router.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.cluster.message.Heartbeat;
import dev.troupe.cluster.picture.PictureModel;
import dev.troupe.cluster.tenant.Priority;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.ApiException;
import dev.troupe.router.api.Json;
import dev.troupe.router.generate.Refusals;
import dev.troupe.router.prompt.ServedModel;
import dev.troupe.router.replica.Replica;
import dev.troupe.router.replica.ReplicaDirectory;
import dev.troupe.router.tenant.Caller;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Models of the pool as clients see them. */
public final class Models {
    private static final int RETRY_SECONDS = 1;

    private final ReplicaDirectory directory;
    private final Function<String, Optional<ServedModel>> cards;
    private final Supplier<List<PictureModel>> pictures;

    /**
     * @param cards what has been loaded, by fingerprint
     * @param pictures those that make pictures
     */
    public Models(
            ReplicaDirectory directory,
            Function<String, Optional<ServedModel>> cards,
            Supplier<List<PictureModel>> pictures) {
        this.directory = directory;
        this.cards = cards;
        this.pictures = pictures;
    }

    /** @throws ApiException when the pool does not know the model, the caller may not use it, or it cannot be served now */
    ServedModel find(String id, Caller caller) {
        if (!caller.mayUse(id)) {
            throw new ApiException(ApiError.unknownModel(id));
        }
        List<String> fingerprints = directory.models().getOrDefault(id, List.of());
        if (fingerprints.isEmpty()) {
            throw new ApiException(directory.models().isEmpty() ? Refusals.noReplica(id) : ApiError.unknownModel(id));
        }
        List<String> admitting = fingerprints.stream()
                .filter(fingerprint -> !directory.admitting(fingerprint).isEmpty())
                .toList();
        if (admitting.isEmpty()) {
            throw new ApiException(Refusals.noReplica(id));
        }
        return admitting.stream()
                .flatMap(fingerprint -> cards.apply(fingerprint).stream())
                .findFirst()
                .orElseThrow(() -> new ApiException(ApiError.unavailable(
                        "model_loading",
                        "The model `" + id + "` is being loaded. Please try again soon.",
                        RETRY_SECONDS)));
    }

    /**
     * Before anything is done for a request that nobody would take.
     *
     * @throws ApiException when too many of the tenant's requests wait everywhere, as the replicas' last heartbeats say
     */
    void checkRoom(ServedModel model, String tenant, Priority priority) {
        directory.fullFor(model.card().fingerprint(), tenant, priority).ifPresent(retry -> {
            throw new ApiException(Refusals.queueFull(model.id(), retry));
        });
    }

    /** @return the model, whoever serves it now; empty while its tokenizer is not here */
    public Optional<ServedModel> withFingerprint(String fingerprint) {
        return cards.apply(fingerprint);
    }

    /** @return tokens of prompt and answer that every replica of the model can hold */
    int contextLength(ServedModel model) {
        return directory.admitting(model.card().fingerprint()).stream()
                .map(Replica::heartbeat)
                .mapToInt(Heartbeat::contextLength)
                .reduce(model.card().contextLength(), Math::min);
    }

    /** @return empty when ready; else the reason */
    Optional<String> notReady() {
        if (directory.models().isEmpty()) {
            return Optional.of("no replica is known");
        }
        List<String> admitting = directory.models().values().stream()
                .flatMap(List::stream)
                .filter(fingerprint -> !directory.admitting(fingerprint).isEmpty())
                .toList();
        if (admitting.isEmpty()) {
            return Optional.of("no replica admits requests");
        }
        return admitting.stream()
                        .anyMatch(fingerprint -> cards.apply(fingerprint).isPresent())
                ? Optional.empty()
                : Optional.of("the model's tokenizer is being loaded");
    }

    ObjectNode list(Caller caller) {
        ObjectNode body = Json.object().put("object", "list");
        ArrayNode data = body.putArray("data");
        ids().filter(caller::mayUse).forEach(id -> data.add(describe(id)));
        return body;
    }

    private Stream<String> ids() {
        return Stream.concat(
                        directory.models().keySet().stream(),
                        pictures.get().stream().map(PictureModel::id))
                .distinct();
    }

    /** @throws ApiException when the pool does not know the model, or the caller may not use it */
    ObjectNode get(String id, Caller caller) {
        if (!caller.mayUse(id) || ids().noneMatch(id::equals)) {
            throw new ApiException(ApiError.unknownModel(id));
        }
        return describe(id);
    }

    private ObjectNode describe(String id) {
        long created = directory.models().getOrDefault(id, List.of()).stream()
                .flatMap(fingerprint -> cards.apply(fingerprint).stream())
                .mapToLong(model -> model.card().created())
                .findFirst()
                .orElse(0);
        return Json.object()
                .put("id", id)
                .put("object", "model")
                .put("created", created)
                .put("owned_by", "troupe");
    }
}
