package dev.troupe.node.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.troupe.cluster.tenant.KeySecret;
import dev.troupe.node.UserError;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLException;

/** Asks {@code /admin/v1} of a running pool. What goes wrong is a {@link UserError}, in one line. */
final class AdminClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PATH = "/admin/v1/";
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final HttpClient http;
    private final String base;
    private final KeySecret key;

    /** @param url of any router of the pool */
    AdminClient(HttpClient http, URI url, KeySecret key) {
        this.http = http;
        if (url.getScheme() == null || !url.getScheme().matches("https?") || url.getHost() == null) {
            throw new UserError("--url takes http://host:port, not \"" + url + "\"");
        }
        this.base = url.toString().replaceAll("/+$", "");
        this.key = key;
    }

    /** @return a name or id as a part of a path, whatever characters it has */
    static String part(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    JsonNode get(String path) throws InterruptedException {
        return send(request(path).GET());
    }

    JsonNode post(String path, JsonNode body) throws InterruptedException {
        return send(json(path).POST(BodyPublishers.ofString(body.toString())));
    }

    JsonNode patch(String path, JsonNode body) throws InterruptedException {
        return send(json(path).method("PATCH", BodyPublishers.ofString(body.toString())));
    }

    void delete(String path) throws InterruptedException {
        send(request(path).DELETE());
    }

    private HttpRequest.Builder json(String path) {
        return request(path).header("Content-Type", "application/json");
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + PATH + path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + key.text());
    }

    private JsonNode send(HttpRequest.Builder request) throws InterruptedException {
        HttpResponse<String> response;
        try {
            response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (ConnectException e) {
            throw new UserError(
                    "nobody listens at " + base + "; is a router of the pool running there? --url says where", e);
        } catch (SSLException e) {
            throw new UserError(
                    "the certificate of " + base + " is not believed (" + e.getMessage()
                            + "); --ca-cert says whose to believe",
                    e);
        } catch (IOException e) {
            throw new UserError("no answer from " + base + ": " + e, e);
        }
        JsonNode body = parse(response.body());
        if (response.statusCode() / 100 == 2) {
            return body;
        }
        throw new UserError(explained(response.statusCode(), body.path("error")));
    }

    private String explained(int status, JsonNode error) {
        String message = error.path("message").asText();
        if (status == 401) {
            return base + " does not know the admin key " + key.id() + "; is it of another pool?";
        }
        if (message.isEmpty()) {
            return base + " answers as no router of Troupe does (status " + status + ")";
        }
        return message;
    }

    private JsonNode parse(String body) {
        try {
            return body.isBlank() ? JSON.createObjectNode() : JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new UserError(base + " answers as no router of Troupe does: what it says is not JSON", e);
        }
    }
}
