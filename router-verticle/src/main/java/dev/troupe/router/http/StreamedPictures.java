package dev.troupe.router.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.Json;
import dev.troupe.router.picture.PictureOrder;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.function.LongSupplier;

/** Server-sent events as OpenAI documents them: {@code PREFIX.partial_image} and {@code PREFIX.completed}. */
final class StreamedPictures implements PictureAnswer {
    private static final Buffer KEEP_ALIVE = Buffer.buffer(": keep-alive\n\n");

    private final HttpServerResponse response;
    private final PictureTeller teller;
    private final String prefix;
    private final long keepAliveMillis;
    private final LongSupplier clock;
    private boolean started;
    private long lastWrite;

    /** @param prefix {@code image_generation} or {@code image_edit} */
    StreamedPictures(
            HttpServerResponse response,
            PictureTeller teller,
            String prefix,
            long keepAliveMillis,
            LongSupplier clock) {
        this.response = response;
        this.teller = teller;
        this.prefix = prefix;
        this.keepAliveMillis = keepAliveMillis;
        this.clock = clock;
    }

    @Override
    public void accepted(List<PictureOrder> orders) {
        started = true;
        response.putHeader("content-type", "text/event-stream; charset=utf-8")
                .putHeader("cache-control", "no-cache")
                // Proxies such as nginx would otherwise collect the events.
                .putHeader("x-accel-buffering", "no")
                .setChunked(true);
        write(KEEP_ALIVE);
    }

    @Override
    public void preview(PictureOrder order, int index, EncodedPicture picture) {
        if (response.writeQueueFull()) {
            return; // a client that is behind can do without
        }
        ObjectNode json = event("partial_image", order, picture);
        write(json.put("partial_image_index", index));
    }

    @Override
    public Future<Void> completed(PictureOrder order) {
        return teller.tell(order, true).map(told -> {
            ObjectNode json = event("completed", order, told.content().orElseThrow());
            PictureJson.usage(json);
            write(json.put("url", told.url())
                    .put("revised_prompt", order.spec().prompt())
                    .put("seed", order.spec().seed()));
            return null;
        });
    }

    private ObjectNode event(String name, PictureOrder order, EncodedPicture picture) {
        ObjectNode json = Json.object()
                .put("type", prefix + "." + name)
                .put("b64_json", PictureJson.base64(picture))
                .put("created_at", order.created() / 1000)
                .put("id", order.id());
        return PictureJson.common(json, order);
    }

    private void write(ObjectNode json) {
        write(Buffer.buffer("event: " + json.path("type").asText() + "\ndata: ")
                .appendBytes(Json.bytes(json))
                .appendString("\n\n"));
    }

    private void write(Buffer event) {
        if (!response.ended() && !response.closed()) {
            lastWrite = clock.getAsLong();
            response.write(event);
        }
    }

    @Override
    public Future<Void> finish(List<PictureOrder> orders) {
        if (!response.ended() && !response.closed()) {
            response.end();
        }
        return Future.succeededFuture();
    }

    @Override
    public void fail(ApiError error) {
        if (!started) {
            Responses.error(response, error);
        } else if (!response.ended() && !response.closed()) {
            response.end(Buffer.buffer("event: error\ndata: ")
                    .appendBytes(Json.bytes(error.toJson()))
                    .appendString("\n\n"));
        }
    }

    @Override
    public void cut(ApiError error) {
        if (started) {
            Responses.cut(response);
        } else {
            Responses.error(response, error);
        }
    }

    @Override
    public void tick(long now) {
        if (started && now - lastWrite >= keepAliveMillis) {
            write(KEEP_ALIVE);
        }
    }
}
