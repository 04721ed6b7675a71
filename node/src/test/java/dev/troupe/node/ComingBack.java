package dev.troupe.node;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A client that reads a stream to its end, whatever happens to the routers: when its connection breaks or falls silent, it comes back to
 * whichever router there is, with the id of the last event that it got.
 */
final class ComingBack implements Runnable {
    private static final int CONNECT_MILLIS = 2_000;
    /** Longer than between two keep-alives. */
    private static final int SILENCE_MILLIS = 12_000;

    private final Supplier<URI> routers;
    private final String body;
    private final String name;
    private final Optional<String> key;
    private final StringBuilder text = new StringBuilder();
    private String lastEventId = "";
    private String finish = "";
    private String error = "";
    private int completionTokens;
    private final AtomicInteger pieces = new AtomicInteger();
    private int comings;
    private int ends;
    private long lastToken;
    private long longestGapMillis;

    /**
     * @param routers where to go next
     * @param body of a streaming request that asks for its usage
     * @param name of the request, see Idempotency-Key
     */
    ComingBack(Supplier<URI> routers, String body, String name) {
        this(routers, body, name, Optional.empty());
    }

    /** @param key of an API; absent: none is asked for */
    ComingBack(Supplier<URI> routers, String body, String name, Optional<String> key) {
        this.routers = routers;
        this.body = body;
        this.name = name;
        this.key = key;
    }

    @Override
    public void run() {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(8);
        while (ends == 0 && error.isEmpty()) {
            if (System.nanoTime() > deadline) {
                error = "not over after eight minutes";
                return;
            }
            comings++;
            try {
                read();
            } catch (IOException e) {
                pause();
            }
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void read() throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                routers.get().resolve("/v1/chat/completions").toURL().openConnection();
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(SILENCE_MILLIS);
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/json");
        connection.setRequestProperty("Idempotency-Key", name);
        key.ifPresent(secret -> connection.setRequestProperty("Authorization", "Bearer " + secret));
        if (!lastEventId.isEmpty()) {
            connection.setRequestProperty("Last-Event-ID", lastEventId);
        }
        connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
        int status = connection.getResponseCode();
        if (status == 503 || status == 429) {
            pause();
            return;
        }
        if (status != 200) {
            error = "status " + status;
            return;
        }
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
            events(lines);
        }
    }

    /** Takes whole events only: one that the connection broke in is told again. */
    private void events(BufferedReader lines) throws IOException {
        String id = "";
        String data = "";
        for (String line = lines.readLine(); line != null && ends == 0; line = lines.readLine()) {
            if (line.startsWith("id: ")) {
                id = line.substring("id: ".length());
            } else if (line.startsWith("data: ")) {
                data = line.substring("data: ".length());
            } else if (line.isEmpty() && !data.isEmpty()) {
                event(data);
                lastEventId = id;
                data = "";
            }
        }
    }

    private void event(String data) {
        if (data.equals("[DONE]")) {
            ends++;
            return;
        }
        JsonNode event = TroupeProcess.json(data);
        if (event.has("error")) {
            error = event.path("error").toString();
            return;
        }
        JsonNode choice = event.path("choices").path(0);
        String content = choice.path("delta").path("content").asText("");
        if (!content.isEmpty()) {
            long now = System.nanoTime();
            longestGapMillis = lastToken == 0 ? 0 : Math.max(longestGapMillis, (now - lastToken) / 1_000_000);
            lastToken = now;
            pieces.incrementAndGet();
        }
        text.append(content);
        finish += choice.path("finish_reason").asText("");
        completionTokens = event.path("usage").path("completion_tokens").asInt(completionTokens);
    }

    String text() {
        return text.toString();
    }

    /** @return what went wrong; empty when it ended well, once */
    Optional<String> trouble(int tokens) {
        if (!error.isEmpty()) {
            return Optional.of(name + ": " + error);
        }
        boolean well = ends == 1 && finish.equals("length") && completionTokens == tokens;
        return well
                ? Optional.empty()
                : Optional.of(name + ": ended " + ends + " times, finish \"" + finish + "\", " + completionTokens
                        + " tokens of " + tokens);
    }

    int comings() {
        return comings;
    }

    long longestGapMillis() {
        return longestGapMillis;
    }

    int chars() {
        return text.length();
    }

    /** @return how often some text has come, each time of at least one token */
    int pieces() {
        return pieces.get();
    }

    boolean isOver() {
        return ends > 0 || !error.isEmpty();
    }
}
