package dev.troupe.router.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.Json;
import dev.troupe.router.picture.PictureOrder;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;

/** All pictures in one answer, when the last one is made. */
final class WholePictures implements PictureAnswer {
    private final HttpServerResponse response;
    private final PictureTeller teller;
    private final Shape shape;

    /**
     * What the answer looks like.
     *
     * @param turn as the case study has it: one picture; else as OpenAI does
     * @param content whether it holds the pictures themselves
     * @param notes for whoever asked
     */
    record Shape(boolean turn, boolean content, List<String> notes) {}

    WholePictures(HttpServerResponse response, PictureTeller teller, Shape shape) {
        this.response = response;
        this.teller = teller;
        this.shape = shape;
    }

    @Override
    public void accepted(List<PictureOrder> orders) {}

    @Override
    public void preview(PictureOrder order, int index, EncodedPicture picture) {}

    @Override
    public Future<Void> completed(PictureOrder order) {
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> finish(List<PictureOrder> orders) {
        List<PictureTeller.Told> told = new ArrayList<>();
        Future<Void> all = Future.succeededFuture();
        for (PictureOrder order : orders) {
            all = all.compose(done -> teller.tell(order, shape.content())).map(one -> {
                told.add(one);
                return null;
            });
        }
        return all.onSuccess(done -> Responses.json(response, 200, body(told)));
    }

    private ObjectNode body(List<PictureTeller.Told> told) {
        PictureTeller.Told first = told.get(0);
        ObjectNode json = shape.turn()
                ? PictureJson.turn(first.kept(), first.url(), first.content())
                : Json.object().put("created", first.kept().order().created() / 1000);
        ArrayNode notes = Json.object().putArray("notes");
        shape.notes().forEach(notes::add);
        told.stream().flatMap(one -> one.kept().warnings().stream()).distinct().forEach(notes::add);
        if (!shape.turn()) {
            ArrayNode data = json.putArray("data");
            told.forEach(one -> data.add(PictureJson.result(one.kept(), one.url(), one.content())));
            PictureJson.common(json, first.kept().order());
            PictureJson.usage(json);
        }
        if (!notes.isEmpty()) {
            json.set("notes", notes);
        }
        return json;
    }

    @Override
    public void fail(ApiError error) {
        Responses.error(response, error);
    }

    @Override
    public void cut(ApiError error) {
        Responses.error(response, error);
    }

    @Override
    public void tick(long now) {}
}
