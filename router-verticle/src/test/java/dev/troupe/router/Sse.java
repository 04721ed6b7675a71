package dev.troupe.router;

import com.fasterxml.jackson.databind.JsonNode;
import dev.troupe.router.api.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client over a bare socket: it reads when it wants and goes when it wants. */
final class Sse implements AutoCloseable {
    final String head;
    private final Socket socket;
    private final BufferedReader reader;

    /** Sends a chat request and reads the response's head. */
    static Sse chat(RouterFixture pool, String fields) {
        return new Sse(
                pool,
                "/v1/chat/completions",
                "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]" + fields + "}",
                true);
    }

    Sse(RouterFixture pool, String path, String body, boolean readHead) {
        this(pool, path, body, readHead, "X-None: none");
    }

    /** @param header one line more of the request's head */
    Sse(RouterFixture pool, String path, String body, boolean readHead, String header) {
        try {
            socket = new Socket();
            socket.setReceiveBufferSize(4096);
            socket.setSoTimeout(15_000);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), pool.router.port()));
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            socket.getOutputStream()
                    .write(("POST " + path
                                    + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
                                    + header
                                    + "\r\nContent-Length: "
                                    + bytes.length + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.UTF_8));
            reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            head = readHead ? head() : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String head() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
            lines.append(line).append('\n');
        }
        return lines.toString();
    }

    /** @return the next line that begins so; chunk sizes and blank lines are passed over */
    String next(String prefix) {
        try {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.startsWith(prefix)) {
                    return line;
                }
            }
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @return all events up to the end of the stream, {@code [DONE]} left out */
    List<JsonNode> events() {
        List<JsonNode> events = new ArrayList<>();
        for (String line = next("data: "); line != null; line = next("data: ")) {
            String data = line.substring("data: ".length());
            if (data.equals("[DONE]")) {
                break;
            }
            JsonNode event = Json.parse(data.getBytes(StandardCharsets.UTF_8));
            events.add(event);
            if (event.has("error")) {
                break;
            }
        }
        return events;
    }

    /** @return what comes until the connection closes, line by line, HTTP's chunk sizes included */
    List<String> rest() {
        return reader.lines().toList();
    }

    /** @return content of all events of a choice */
    static String text(List<JsonNode> events, int index) {
        StringBuilder text = new StringBuilder();
        for (JsonNode event : events) {
            JsonNode choice = event.path("choices").path(0);
            if (choice.path("index").asInt(-1) == index) {
                text.append(choice.path("delta").path("content").asText(""));
            }
        }
        return text.toString();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
