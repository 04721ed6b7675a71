package dev.troupe.router.picture;

import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.cluster.picture.PictureType;
import dev.troupe.cluster.tenant.Limits;
import dev.troupe.cluster.tenant.Limits.Kind;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.ApiException;
import dev.troupe.router.tenant.Caller;
import dev.troupe.store.PictureStore;
import dev.troupe.store.PictureStore.Room;
import dev.troupe.store.StoredPicture;
import dev.troupe.store.UsageRow;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;

/**
 * Pictures in the database, with their room and their row of the ledger in one transaction. What has no room fails with an
 * {@link ApiException}, and trying again does not help; any other failure is the database's.
 */
public final class StoredPictures implements PictureLibrary {
    static final String LEDGER_PATH = "/v1/images";
    private static final int MOST_OF_A_CONVERSATION = 100;

    private final PictureStore store;
    private final WorkerExecutor workers;
    private final BiFunction<String, Optional<String>, Caller> callers;
    private final LongSupplier millis;

    /**
     * @param callers tenants and keys as they are now, by tenant and key id
     * @param millis since 1970
     */
    public StoredPictures(
            PictureStore store,
            WorkerExecutor workers,
            BiFunction<String, Optional<String>, Caller> callers,
            LongSupplier millis) {
        this.store = store;
        this.workers = workers;
        this.callers = callers;
        this.millis = millis;
    }

    @Override
    public Future<Void> keep(PictureOrder order, EncodedPicture picture, List<String> warnings) {
        Caller caller = callers.apply(order.tenant(), order.keyId());
        Room room = new Room(most(caller.tenant().limits()), most(caller.keyLimits()));
        return blocking(() -> store.keep(
                        PictureDetails.stored(order, picture.size(), warnings), picture.bytes(), room, row(order)))
                .compose(outcome -> switch (outcome) {
                    case KEPT, REPEATED -> Future.succeededFuture();
                    case NO_ROOM_FOR_TENANT -> Future.failedFuture(full(room.ofTenant()));
                    case NO_ROOM_FOR_KEY -> Future.failedFuture(full(room.ofKey()));
                });
    }

    private static OptionalLong most(Limits limits) {
        return limits.of(Kind.STORAGE_BYTES);
    }

    private UsageRow row(PictureOrder order) {
        long began = order.created();
        return new UsageRow(
                order.id(),
                order.tenant(),
                order.keyId(),
                order.spec().modelId(),
                LEDGER_PATH,
                began,
                Math.max(began, millis.getAsLong()),
                0,
                0,
                0,
                1,
                "success");
    }

    private static ApiException full(OptionalLong most) {
        return new ApiException(new ApiError(
                429,
                "Your storage is full (limit " + most.orElse(0)
                        + " bytes): delete pictures (DELETE /v1/images/{id}), or ask for more room.",
                "requests",
                Optional.empty(),
                Optional.of("storage_limit_exceeded"),
                OptionalInt.empty()));
    }

    @Override
    public Future<Void> checkRoom(String tenant, Optional<String> keyId) {
        Caller caller = callers.apply(tenant, keyId);
        OptionalLong ofTenant = most(caller.tenant().limits());
        OptionalLong ofKey = most(caller.keyLimits());
        if (ofTenant.isEmpty() && ofKey.isEmpty()) {
            return Future.succeededFuture();
        }
        return blocking(() -> {
            if (ofTenant.isPresent() && store.used(tenant) >= ofTenant.getAsLong()) {
                throw full(ofTenant);
            }
            if (ofKey.isPresent() && store.usedOfKey(tenant, keyId.orElseThrow()) >= ofKey.getAsLong()) {
                throw full(ofKey);
            }
            return null;
        });
    }

    @Override
    public Future<Optional<Kept>> find(String tenant, String id) {
        return blocking(() -> store.find(tenant, id).map(PictureDetails::read));
    }

    @Override
    public Future<Optional<EncodedPicture>> content(String tenant, String id) {
        return blocking(() -> store.find(tenant, id).flatMap(picture -> store.content(tenant, id)
                .map(bytes -> new EncodedPicture(PictureType.of(picture.type()).orElseThrow(), bytes))));
    }

    @Override
    public Future<List<Kept>> conversation(String tenant, String conversation) {
        return blocking(() -> read(store.conversation(tenant, conversation, MOST_OF_A_CONVERSATION)));
    }

    @Override
    public Future<List<Kept>> page(String tenant, Optional<String> after, int most) {
        return blocking(() -> read(store.page(tenant, after, most)));
    }

    private static List<Kept> read(List<StoredPicture> pictures) {
        return pictures.stream().map(PictureDetails::read).toList();
    }

    @Override
    public Future<Optional<String>> owner(String id) {
        return PictureIds.isOne(id) ? blocking(() -> store.owner(id)) : Future.succeededFuture(Optional.empty());
    }

    @Override
    public Future<Boolean> delete(String tenant, String id) {
        return blocking(() -> store.delete(tenant, id));
    }

    private <T> Future<T> blocking(Callable<T> work) {
        return workers.executeBlocking(work, false);
    }
}
