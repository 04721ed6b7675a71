package dev.troupe.router.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.Json;
import dev.troupe.router.stream.Delta;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.function.LongSupplier;

/** Server-sent events: one write for all that one message of the pool brought. Each says in its {@code id} how far the stream has come. */
final class StreamAnswer implements Answer {
    private static final Buffer KEEP_ALIVE = Buffer.buffer(": keep-alive\n\n");
    /** What a client has not taken yet, beyond which nothing more is made for it. Vert.x counts writes, which may be of any size. */
    private static final int MOST_UNSENT_BYTES = 256 << 10;

    private final HttpServerResponse response;
    private final AnswerHead head;
    private final AnswerShape shape;
    private final int choices;
    private final boolean includeUsage;
    private final long keepAliveMillis;
    private final long stallMillis;
    private final LongSupplier clock;
    private final StreamPosition position;
    private final boolean usageTold;

    private final TextEvent[] plain; // by choice, made when first used
    private Buffer buffer = Buffer.buffer();
    private Runnable onRoom = () -> {};
    private boolean started;
    private int unsent;
    private long lastWrite;
    /** When the client last took something. */
    private long lastTaken;

    /**
     * @param stallMillis for which a client may take nothing while it is behind
     * @param position that the client has come to already; moves on with the stream
     * @param usageTold whether only the very end is missing
     */
    StreamAnswer(
            HttpServerResponse response,
            AnswerHead head,
            AnswerShape shape,
            int choices,
            boolean includeUsage,
            long keepAliveMillis,
            long stallMillis,
            LongSupplier clock,
            StreamPosition position,
            boolean usageTold) {
        this.response = response;
        this.head = head;
        this.shape = shape;
        this.choices = choices;
        this.plain = new TextEvent[choices];
        this.includeUsage = includeUsage;
        this.keepAliveMillis = keepAliveMillis;
        this.stallMillis = stallMillis;
        this.clock = clock;
        this.position = position;
        this.usageTold = usageTold;
    }

    @Override
    public void start() {
        started = true;
        lastWrite = clock.getAsLong();
        response.putHeader("content-type", "text/event-stream; charset=utf-8")
                .putHeader("cache-control", "no-cache")
                // Proxies such as nginx would otherwise collect the events.
                .putHeader("x-accel-buffering", "no")
                .setChunked(true);
        for (int i = 0; i < choices; i++) {
            open(i);
        }
        flush();
    }

    private void open(int index) {
        if (!position.isOpen(index)) {
            position.open(index);
            shape.opening(index).forEach(this::chunk);
        }
    }

    @Override
    public void text(int index, Delta delta) {
        open(index);
        boolean ends = delta.finish().isPresent();
        if (!delta.text().isEmpty() || (shape.logprobs() && !delta.scores().isEmpty())) {
            position.text(index, delta.tokens(), ends);
            if (shape.logprobs()) {
                chunk(shape.delta(index, delta.text(), delta.scores()));
            } else {
                id();
                plain(index).append(delta.text(), buffer);
            }
        }
        if (ends) {
            position.end(index, delta.tokens());
            chunk(shape.finish(index, delta.finish().get()));
        }
    }

    private TextEvent plain(int index) {
        if (plain[index] == null) {
            plain[index] = TextEvent.of(text -> document(shape.delta(index, text, List.of())));
        }
        return plain[index];
    }

    private void chunk(ObjectNode choice) {
        id();
        event(document(choice));
    }

    private void id() {
        id(position.toString());
    }

    private void id(String id) {
        buffer.appendString("id: ").appendString(id).appendString("\n");
    }

    private ObjectNode document(ObjectNode choice) {
        ObjectNode chunk = head.toJson(shape.object(true));
        chunk.putArray("choices").add(choice);
        if (includeUsage) {
            chunk.putNull("usage");
        }
        return chunk;
    }

    private void event(JsonNode json) {
        buffer.appendString("data: ").appendBytes(Json.bytes(json)).appendString("\n\n");
    }

    @Override
    public void flush() {
        if (started && buffer.length() > 0) {
            lastWrite = clock.getAsLong();
            int bytes = buffer.length();
            lastTaken = unsent == 0 ? lastWrite : lastTaken;
            unsent += bytes;
            response.write(buffer).onComplete(done -> sent(bytes));
            buffer = Buffer.buffer();
        }
    }

    private void sent(int bytes) {
        boolean wasFull = full();
        unsent -= bytes;
        lastTaken = clock.getAsLong();
        if (wasFull && !full()) {
            onRoom.run();
        }
    }

    @Override
    public boolean isStalled(long now) {
        return full() && now - lastTaken >= stallMillis;
    }

    @Override
    public void onRoom(Runnable resume) {
        onRoom = resume;
    }

    @Override
    public void finish(Usage usage) {
        if (includeUsage && !usageTold) {
            ObjectNode chunk = head.toJson(shape.object(true));
            chunk.putArray("choices");
            chunk.set("usage", usage.toJson());
            id(StreamPosition.USAGE);
            event(chunk);
        }
        id(StreamPosition.DONE);
        response.end(buffer.appendString("data: [DONE]\n\n"));
    }

    @Override
    public void fail(ApiError error) {
        if (started) {
            id();
            event(error.toJson());
            response.end(buffer);
        } else {
            Responses.error(response, error);
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
    public boolean full() {
        return unsent >= MOST_UNSENT_BYTES;
    }

    @Override
    public void tick(long now) {
        if (started && now - lastWrite >= keepAliveMillis && !full()) {
            lastWrite = now;
            response.write(KEEP_ALIVE);
        }
    }
}
