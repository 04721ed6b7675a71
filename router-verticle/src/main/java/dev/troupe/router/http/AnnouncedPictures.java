package dev.troupe.router.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.Json;
import dev.troupe.router.picture.PictureOrder;
import dev.troupe.router.picture.PictureStatus;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Optional;

/** 202, as soon as the pictures are taken, and where to look for them. */
final class AnnouncedPictures implements PictureAnswer {
    private final HttpServerResponse response;
    private final boolean single;

    /** @param single whether the answer is the one picture itself, not a list */
    AnnouncedPictures(HttpServerResponse response, boolean single) {
        this.response = response;
        this.single = single;
    }

    @Override
    public void accepted(List<PictureOrder> orders) {
        List<ObjectNode> jobs = orders.stream()
                .map(order -> PictureJson.job(
                        new PictureStatus(order, PictureStatus.State.QUEUED, 0, 0, 0, Optional.empty())))
                .toList();
        response.putHeader("location", PictureRoutes.ALL + "/" + orders.get(0).id())
                .putHeader("preference-applied", "respond-async");
        ObjectNode body = jobs.get(0);
        if (!single) {
            body = Json.object().put("created", orders.get(0).created() / 1000);
            ArrayNode data = body.putArray("data");
            jobs.forEach(data::add);
        }
        Responses.json(response, 202, body);
    }

    @Override
    public boolean waits() {
        return false;
    }

    @Override
    public void preview(PictureOrder order, int index, EncodedPicture picture) {}

    @Override
    public Future<Void> completed(PictureOrder order) {
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> finish(List<PictureOrder> orders) {
        return Future.succeededFuture();
    }

    @Override
    public void fail(ApiError error) {
        // Once it is announced, whoever looks is told.
        if (!response.headWritten()) {
            Responses.error(response, error);
        }
    }

    @Override
    public void cut(ApiError error) {
        fail(error);
    }

    @Override
    public void tick(long now) {}
}
