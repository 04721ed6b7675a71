package dev.troupe.models.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** A small Hugging Face hub on the loopback, with the faults that a test asks for. */
final class FakeHub implements AutoCloseable {
    final Map<String, byte[]> files = new ConcurrentHashMap<>();
    final List<String> gets = new CopyOnWriteArrayList<>(); // "path range token"
    final CountDownLatch released = new CountDownLatch(1);
    volatile int breakAfter = Integer.MAX_VALUE;
    volatile boolean honoursRange = true;
    volatile boolean stalls;
    volatile int status = 200;
    volatile URI redirect;
    volatile String statedHash;
    final AtomicInteger breaks = new AtomicInteger();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    FakeHub() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (status != 200) {
                exchange.sendResponseHeaders(status, -1);
            } else if (path.startsWith("/api/models/")) {
                listing(exchange, path.substring("/api/models/".length(), path.length() - "/tree/main".length()));
            } else {
                file(exchange, path.replaceFirst("^/", "").replace("/resolve/main/", "/"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void listing(HttpExchange exchange, String repository) throws IOException {
        byte[] json = files.entrySet().stream()
                .filter(file -> file.getKey().startsWith(repository + "/"))
                .map(file -> "{\"type\":\"file\",\"path\":\"%s\",\"size\":%d,\"lfs\":{\"oid\":\"%s\"}}"
                        .formatted(
                                file.getKey().substring(repository.length() + 1),
                                file.getValue().length,
                                sha256(file.getValue())))
                .collect(Collectors.joining(",", "[", "]"))
                .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, json.length);
        exchange.getResponseBody().write(json);
    }

    private void file(HttpExchange exchange, String name) throws IOException, InterruptedException {
        byte[] bytes = files.get(name);
        var headers = exchange.getRequestHeaders();
        String range = headers.getFirst("Range");
        if (bytes == null) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().add("X-Linked-Size", String.valueOf(bytes.length));
            String hash = statedHash == null ? sha256(bytes) : statedHash;
            exchange.getResponseHeaders().add("X-Linked-Etag", "\"" + hash + "\"");
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        gets.add(name + " " + range + " " + headers.getFirst("Authorization"));
        if (redirect != null) {
            exchange.getResponseHeaders()
                    .add("Location", redirect.resolve("/" + name).toString());
            exchange.sendResponseHeaders(302, -1);
            return;
        }
        int from = range != null && honoursRange
                ? Integer.parseInt(range.substring("bytes=".length(), range.length() - 1))
                : 0;
        if (range != null && honoursRange) {
            exchange.getResponseHeaders()
                    .add("Content-Range", "bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length);
        }
        exchange.sendResponseHeaders(range != null && honoursRange ? 206 : 200, bytes.length - from);
        int to = breaks.getAndDecrement() > 0 ? Math.min(bytes.length, from + breakAfter) : bytes.length;
        exchange.getResponseBody().write(Arrays.copyOfRange(bytes, from, to));
        exchange.getResponseBody().flush();
        if (stalls) {
            stalls = false;
            released.await();
        }
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        released.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
