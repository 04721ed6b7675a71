package dev.troupe.router.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.Json;
import dev.troupe.router.stream.Delta;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.BitSet;
import java.util.List;
import java.util.function.LongSupplier;

/** Server-sent events: one write for all that one message of the pool brought. */
final class StreamAnswer implements Answer {
    private static final Buffer KEEP_ALIVE = Buffer.buffer(": keep-alive\n\n");
    private static final String DONE = "data: [DONE]\n\n";

    private final HttpServerResponse response;
    private final AnswerHead head;
    private final AnswerShape shape;
    private final int choices;
    private final boolean includeUsage;
    private final long keepAliveMillis;
    private final LongSupplier clock;

    private final BitSet opened = new BitSet();
    private final TextEvent[] plain; // by choice, made when first used
    private Buffer buffer = Buffer.buffer();
    private boolean started;
    private long lastWrite;

    StreamAnswer(
            HttpServerResponse response,
            AnswerHead head,
            AnswerShape shape,
            int choices,
            boolean includeUsage,
            long keepAliveMillis,
            LongSupplier clock) {
        this.response = response;
        this.head = head;
        this.shape = shape;
        this.choices = choices;
        this.plain = new TextEvent[choices];
        this.includeUsage = includeUsage;
        this.keepAliveMillis = keepAliveMillis;
        this.clock = clock;
    }

    @Override
    public void start() {
        started = true;
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
        if (!opened.get(index)) {
            opened.set(index);
            shape.opening(index).forEach(this::chunk);
        }
    }

    @Override
    public void text(int index, Delta delta) {
        open(index);
        if (shape.logprobs()) {
            if (!delta.text().isEmpty() || !delta.scores().isEmpty()) {
                chunk(shape.delta(index, delta.text(), delta.scores()));
            }
        } else if (!delta.text().isEmpty()) {
            plain(index).append(delta.text(), buffer);
        }
        if (delta.finish().isPresent()) {
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
        event(document(choice));
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
            response.write(buffer);
            buffer = Buffer.buffer();
        }
    }

    @Override
    public void finish(Usage usage) {
        if (includeUsage) {
            ObjectNode chunk = head.toJson(shape.object(true));
            chunk.putArray("choices");
            chunk.set("usage", usage.toJson());
            event(chunk);
        }
        response.end(buffer.appendString(DONE));
    }

    @Override
    public void fail(ApiError error) {
        if (started) {
            event(error.toJson());
            response.end(buffer);
        } else {
            Responses.error(response, error);
        }
    }

    @Override
    public void cut(ApiError error) {
        if (started) {
            response.reset();
        } else {
            Responses.error(response, error);
        }
    }

    @Override
    public boolean full() {
        return response.writeQueueFull();
    }

    @Override
    public void tick(long now) {
        if (started && now - lastWrite >= keepAliveMillis && !full()) {
            lastWrite = now;
            response.write(KEEP_ALIVE);
        }
    }
}
