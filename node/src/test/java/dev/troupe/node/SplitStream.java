package dev.troupe.node;

import static dev.troupe.node.TroupeProcess.json;

import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A client's stream during a split, read to its end, whichever that is. */
final class SplitStream {
    /** How a stream ended, as its client sees it. */
    enum End {
        /** With {@code [DONE]}. */
        DONE,
        /** With an event that says what went wrong. */
        ERROR,
        /** The connection closed in the middle. */
        CUT
    }

    final int host;
    private final CompletableFuture<String> id = new CompletableFuture<>();
    private final CompletableFuture<End> end;

    private SplitStream(int host, URI url, String body) {
        this.host = host;
        this.end = CompletableFuture.supplyAsync(() -> read(url, body), task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            thread.start();
        });
    }

    /** @return when it has begun */
    static SplitStream begin(int host, URI url, int tokens) {
        SplitStream stream = new SplitStream(
                host, url, TroupeProcess.question("Tell me a story.", tokens, ",\"ignore_eos\":true,\"stream\":true"));
        stream.id();
        return stream;
    }

    private End read(URI url, String body) {
        HttpResponse<Stream<String>> response = TroupeProcess.send(
                TroupeProcess.request(url, "/v1/chat/completions", body), HttpResponse.BodyHandlers.ofLines());
        End[] found = {End.CUT};
        try {
            response.body().filter(line -> line.startsWith("data: ")).forEach(line -> found[0] = event(line, found[0]));
        } catch (UncheckedIOException e) {
            // The connection has closed in the middle of an answer.
            return found[0];
        }
        return found[0];
    }

    private End event(String line, End before) {
        if (before != End.CUT) {
            throw new AssertionError("after its end comes: " + line);
        }
        if (line.equals("data: [DONE]")) {
            return End.DONE;
        }
        String event = line.substring("data: ".length());
        if (json(event).has("error")) {
            return End.ERROR;
        }
        id.complete(json(event).path("id").asText());
        return End.CUT;
    }

    String id() {
        return id.orTimeout(1, TimeUnit.MINUTES).join();
    }

    boolean runs() {
        return !end.isDone();
    }

    End await(Duration atMost) {
        return end.orTimeout(atMost.toMillis(), TimeUnit.MILLISECONDS).join();
    }
}
