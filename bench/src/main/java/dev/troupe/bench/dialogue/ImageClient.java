package dev.troupe.bench.dialogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.bench.BenchException;
import dev.troupe.bench.load.Endpoint;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;

/** Asks a server for pictures, one at a time, and waits for them. */
final class ImageClient {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Endpoint endpoint;
    private final Optional<String> model;
    private final Duration patience;
    private final HttpClient http = HttpClient.newHttpClient();

    ImageClient(Endpoint endpoint, Optional<String> model, Duration patience) {
        this.endpoint = endpoint;
        this.model = model;
        this.patience = patience;
    }

    /**
     * @param prompt complete, as the server read it
     * @param picture file, in base64
     */
    record Answer(String imageId, String prompt, String picture) {}

    /** @return the id of a new conversation */
    String conversation() {
        return field(post("conversations", JSON.createObjectNode()), "id");
    }

    /** @throws BenchException when the server refuses, fails or answers otherwise */
    Answer generate(String conversation, String words, OptionalLong seed) {
        ObjectNode body = JSON.createObjectNode().put("prompt", words).put("conversation", conversation);
        model.ifPresent(id -> body.put("model", id));
        seed.ifPresent(value -> body.put("seed", value));
        JsonNode answer = post("generate-image", body);
        byte[] picture = bytes(endpoint.base().resolve(field(answer, "image_url")));
        return new Answer(
                field(answer, "image_id"),
                field(answer, "revised_prompt"),
                Base64.getEncoder().encodeToString(picture));
    }

    private JsonNode post(String route, ObjectNode body) {
        URI uri = URI.create(endpoint.base() + "/" + route);
        HttpRequest request = request(uri)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString()))
                .build();
        try {
            return JSON.readTree(send(request));
        } catch (IOException e) {
            throw new BenchException("POST " + uri + " answered no JSON: " + e.getMessage(), e);
        }
    }

    /** Our key goes to our server only. */
    private byte[] bytes(URI uri) {
        boolean ours = uri.getHost() != null
                && uri.getHost().equals(endpoint.base().getHost())
                && uri.getPort() == endpoint.base().getPort();
        return send((ours ? request(uri) : HttpRequest.newBuilder(uri).timeout(patience))
                .GET()
                .build());
    }

    private HttpRequest.Builder request(URI uri) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(patience);
        endpoint.apiKey().ifPresent(key -> request.header("Authorization", "Bearer " + key));
        return request;
    }

    private byte[] send(HttpRequest request) {
        try {
            HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
            if (response.statusCode() / 100 != 2) {
                throw new BenchException(request.method() + " " + request.uri() + ": status " + response.statusCode()
                        + ", " + message(response.body()));
            }
            return response.body();
        } catch (IOException e) {
            throw new BenchException("no answer from " + request.uri() + ": " + e + "; is a server running there?", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }

    private static String message(byte[] body) {
        try {
            return JSON.readTree(body).path("error").path("message").asText("without a message");
        } catch (IOException e) {
            return "without a message";
        }
    }

    private static String field(JsonNode answer, String name) {
        String value = answer.path(name).asText("");
        if (value.isEmpty()) {
            throw new BenchException("the answer has no \"" + name + "\"; does this server refine pictures?");
        }
        return value;
    }
}
