package dev.troupe.router;

import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.cluster.picture.PictureModel;
import dev.troupe.cluster.picture.PictureModel.Size;
import dev.troupe.cluster.picture.PictureType;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.ApiException;
import dev.troupe.router.picture.PictureLibrary;
import dev.troupe.router.picture.PictureListener;
import dev.troupe.router.picture.PictureOrder;
import dev.troupe.router.picture.PictureStatus;
import dev.troupe.router.picture.PictureStatus.State;
import dev.troupe.router.picture.Pictures;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;

/** A pool that makes a picture when it is told to, or at once: its bytes are the id. What it did is seen from any thread. */
final class FakePictures implements Pictures {
    static final String MODEL = "painter";

    final BlockingQueue<PictureOrder> orders = new LinkedBlockingQueue<>();
    final Map<String, State> states = new ConcurrentHashMap<>();
    private final Map<String, PictureOrder> known = new ConcurrentHashMap<>();
    private final Map<String, PictureListener> listeners = new ConcurrentHashMap<>();
    private final PictureLibrary library;

    volatile boolean atOnce = true;
    volatile List<PictureModel> models = List.of(model(MODEL));
    volatile Optional<ApiError> refusal = Optional.empty();
    volatile List<String> warnings = List.of();
    volatile Function<PictureOrder, EncodedPicture> painter = FakePictures::picture;

    FakePictures(PictureLibrary library) {
        this.library = library;
    }

    static PictureModel model(String id) {
        return new PictureModel(
                id,
                "weights-of-" + id,
                List.of(new Size(64, 64), new Size(96, 64)),
                List.of("euler", "ddim"),
                20,
                7.5,
                id.equals("glass"));
    }

    @Override
    public List<PictureModel> models() {
        return models;
    }

    @Override
    public Future<Void> start(PictureOrder order, PictureListener listener) {
        if (refusal.isPresent()) {
            return Future.failedFuture(new ApiException(refusal.get()));
        }
        known.put(order.id(), order);
        states.put(order.id(), State.QUEUED);
        listeners.put(order.id(), listener);
        orders.add(order);
        if (atOnce) {
            finish(order.id());
        }
        return Future.succeededFuture();
    }

    @Override
    public Future<Optional<PictureStatus>> status(String tenant, String id) {
        return Future.succeededFuture(Optional.ofNullable(known.get(id))
                .filter(order -> order.tenant().equals(tenant))
                .map(order -> status(order, Optional.empty())));
    }

    private PictureStatus status(PictureOrder order, Optional<ApiError> error) {
        State state = states.get(order.id());
        return new PictureStatus(
                order, state, state == State.QUEUED ? 3 : 0, state == State.RUNNING ? 5 : 0, 20, error);
    }

    @Override
    public Future<Boolean> cancel(String tenant, String id) {
        PictureOrder order = known.get(id);
        boolean live = order != null
                && order.tenant().equals(tenant)
                && !states.get(id).isOver();
        if (live) {
            over(order, State.CANCELLED, Optional.empty());
        }
        return Future.succeededFuture(live);
    }

    private void over(PictureOrder order, State state, Optional<ApiError> error) {
        states.put(order.id(), state);
        listeners.get(order.id()).ended(status(order, error));
    }

    static EncodedPicture picture(PictureOrder order) {
        return new EncodedPicture(
                order.spec().output().type(), ("picture " + order.id()).getBytes(StandardCharsets.UTF_8));
    }

    // What a test does to a picture; on the router's event loop.

    void run(String id) {
        states.put(id, State.RUNNING);
    }

    void preview(String id, int index) {
        listeners.get(id).preview(index, new EncodedPicture(PictureType.PNG, new byte[] {(byte) index, 1}));
    }

    void finish(String id) {
        PictureOrder order = known.get(id);
        library.keep(order, painter.apply(order), warnings)
                .onSuccess(kept -> over(order, State.COMPLETED, Optional.empty()))
                .onFailure(failure -> over(
                        order,
                        State.FAILED,
                        Optional.of(
                                failure instanceof ApiException known
                                        ? known.error()
                                        : ApiError.internal("lost", "It could not be kept."))));
    }

    void fail(String id, ApiError error) {
        over(known.get(id), State.FAILED, Optional.of(error));
    }
}
