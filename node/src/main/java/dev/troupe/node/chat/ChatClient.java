package dev.troupe.node.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Talks to {@code /v1/chat/completions} of any OpenAI-compatible server. One answer at a time; {@link #cancel} may come from any thread. */
public final class ChatClient {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http;
    private final URI base;
    private final Optional<String> apiKey;
    private final double temperature;
    // Guarded by this.
    private Thread asking;
    private InputStream answer;
    private boolean cancelled;

    /**
     * @param base of the server, with or without {@code /v1}
     * @param apiKey to show, where the server asks for one
     * @param temperature of sampling, as the server understands it
     */
    public ChatClient(HttpClient http, URI base, Optional<String> apiKey, double temperature) {
        this.http = http;
        this.apiKey = apiKey;
        this.temperature = temperature;
        String text = base.toString().replaceAll("/+$", "");
        this.base = URI.create(text.endsWith("/v1") ? text : text + "/v1");
    }

    /**
     * One turn of a conversation.
     *
     * @param role {@code system}, {@code user} or {@code assistant}
     */
    public record Message(String role, String content) {}

    /** @return the ids that the server can serve now */
    public List<String> models() throws IOException, InterruptedException {
        HttpResponse<InputStream> response = send(request("/models").GET());
        try (InputStream body = response.body()) {
            List<String> ids = new ArrayList<>();
            JSON.readTree(body)
                    .path("data")
                    .forEach(model -> ids.add(model.path("id").asText()));
            return ids;
        }
    }

    /**
     * Asks and hands over the answer as it comes.
     *
     * @param onText each piece of text
     * @return the whole answer, or what came of it before {@link #cancel}
     * @throws IOException with the server's own words when it refuses or breaks off
     */
    public String complete(String model, List<Message> conversation, Consumer<String> onText)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = request("/chat/completions")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body(model, conversation)));
        StringBuilder text = new StringBuilder();
        begin();
        try {
            stream(request, text, onText);
        } catch (IOException | InterruptedException e) {
            if (!isCancelled()) {
                throw e;
            }
        } finally {
            end();
        }
        return text.toString();
    }

    /**
     * Breaks off the answer under way, also one that has not begun: the connection closes, which tells the server.
     *
     * @return whether there was one
     */
    public synchronized boolean cancel() {
        if (asking == null) {
            return false;
        }
        cancelled = true;
        if (answer == null) {
            asking.interrupt();
        } else {
            close(answer);
        }
        return true;
    }

    private synchronized void begin() {
        asking = Thread.currentThread();
        cancelled = false;
    }

    private synchronized void answerBegins(InputStream body) {
        answer = body;
        if (cancelled) {
            close(body);
        }
    }

    private static void close(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            // A connection that is broken already is what was wanted.
        }
    }

    private synchronized boolean isCancelled() {
        return cancelled;
    }

    private synchronized void end() {
        asking = null;
        answer = null;
        if (cancelled) {
            // The interrupt was for the answer; what comes after it must not see it.
            Thread.interrupted();
        }
    }

    private void stream(HttpRequest.Builder request, StringBuilder text, Consumer<String> onText)
            throws IOException, InterruptedException {
        InputStream body = send(request).body();
        answerBegins(body);
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.equals("data: [DONE]")) {
                    return;
                }
                if (line.startsWith("data: ")) {
                    String piece = piece(JSON.readTree(line.substring(6)));
                    text.append(piece);
                    onText.accept(piece);
                }
            }
        }
        throw new IOException("the server broke off in the middle of its answer");
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
        apiKey.ifPresent(key -> request.header("Authorization", "Bearer " + key));
        return request;
    }

    private HttpResponse<InputStream> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        if (response.statusCode() == 200) {
            return response;
        }
        try (InputStream body = response.body()) {
            String text = new String(body.readNBytes(100_000), StandardCharsets.UTF_8);
            throw new IOException("the server answered " + response.statusCode() + ": " + message(text));
        }
    }

    private static String message(String body) {
        try {
            return JSON.readTree(body).path("error").path("message").asText(body);
        } catch (JsonProcessingException e) {
            return body;
        }
    }

    private static String piece(JsonNode event) throws IOException {
        if (event.has("error")) {
            throw new IOException(event.path("error").path("message").asText("the server failed"));
        }
        return event.path("choices").path(0).path("delta").path("content").asText("");
    }

    private String body(String model, List<Message> conversation) {
        ObjectNode body =
                JSON.createObjectNode().put("model", model).put("stream", true).put("temperature", temperature);
        for (Message message : conversation) {
            body.withArray("messages").addObject().put("role", message.role()).put("content", message.content());
        }
        return body.toString();
    }
}
