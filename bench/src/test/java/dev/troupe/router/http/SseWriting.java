package dev.troupe.router.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.message.TokenRun;
import dev.troupe.models.ModelCard;
import dev.troupe.models.tokenizer.TextParts;
import dev.troupe.models.tokenizer.Tokenizer;
import dev.troupe.models.weights.Architecture;
import dev.troupe.models.weights.TinyModel;
import dev.troupe.models.weights.TinyTokenizer;
import dev.troupe.router.api.Json;
import dev.troupe.router.stream.ChoiceStream;
import dev.troupe.router.stream.GenerationTracker;
import dev.troupe.router.stream.StopStrings;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A token on its way to a client: taken, made text, written as an event. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SseWriting {
    private static final Attempt ATTEMPT = new Attempt("chatcmpl-0123456789abcdef0123456789abcdef", 1);
    private static final AnswerHead HEAD =
            new AnswerHead(ATTEMPT.requestId(), "smollm2-135m-instruct", "fp_0123456789", 1_700_000_000);

    private ChatShape shape;
    private TextEvent event;
    private GenerationTracker tracker;
    private int index;

    @Setup
    public void make() throws IOException {
        Path file = Files.createTempFile("tiny", ".gguf");
        TinyModel.of(Architecture.LLAMA).write(file);
        ModelCard card = TextParts.read(file).card("tiny", "fingerprint", 8192, TinyTokenizer.SIZE, Instant.EPOCH);
        Files.delete(file);
        Tokenizer tokenizer = Tokenizer.from(card);
        shape = new ChatShape(tokenizer, false);
        event = TextEvent.of(this::document);
        tracker = new GenerationTracker(
                ATTEMPT, List.of(new ChoiceStream(tokenizer, StopStrings.NONE, TokenIds.of(TinyTokenizer.IM_END))), 0);
    }

    private ObjectNode document(String text) {
        ObjectNode chunk = HEAD.toJson(shape.object(true));
        chunk.putArray("choices").add(shape.delta(0, text, List.of()));
        return chunk;
    }

    /** @return the event of one token, as streams without log-probabilities are written */
    @Benchmark
    public Buffer prepared() {
        Buffer buffer = Buffer.buffer();
        event.append(" token", buffer);
        return buffer;
    }

    /** @return the same from a tree of JSON, as events with log-probabilities are written */
    @Benchmark
    public Buffer tree() {
        return Buffer.buffer()
                .appendString("data: ")
                .appendBytes(Json.bytes(document(" token")))
                .appendString("\n\n");
    }

    /** @return all that happens to a token between the bus and the socket */
    @Benchmark
    public Buffer tokenToEvent() {
        TokenIds token = TokenIds.of(3 + 'a' + index % 26);
        tracker.accept(new TokenRun(ATTEMPT, 0, index++, token, List.of(), 0, Optional.empty()), index);
        tracker.release(tracker.pending());
        Buffer buffer = Buffer.buffer();
        event.append(tracker.take(0).text(), buffer);
        tracker.acksDue();
        return buffer;
    }
}
