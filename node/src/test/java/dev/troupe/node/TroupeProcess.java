package dev.troupe.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real process of ours, started as the troupe script starts it, and a small HTTP client of it. */
final class TroupeProcess implements AutoCloseable {
    static final String MODEL = "smollm2-135m-instruct";
    static final ObjectMapper JSON = new ObjectMapper();

    /** Longer than a start on a busy machine with the download of the model. */
    private static final Duration START = Duration.ofMinutes(5);

    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    private final Process process;
    private final Path log;

    private TroupeProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    static TroupeProcess start(String... arguments) throws IOException {
        return startWith(List.of(), arguments);
    }

    /** @param jvm further options of Java's own */
    static TroupeProcess startWith(List<String> jvm, String... arguments) throws IOException {
        return startIn(List.of(), jvm, arguments);
    }

    /** @param wrapper command that runs Java and becomes it */
    static TroupeProcess startIn(List<String> wrapper, List<String> jvm, String... arguments) throws IOException {
        Path log = Files.createTempFile(Path.of("target"), "troupe-", ".log");
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of("target", "jvm.args")));
        command.addAll(jvm);
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "dev.troupe.node.Main"));
        command.addAll(List.of(arguments));
        boolean hasDatabase =
                List.of(arguments).contains("--data") || List.of(arguments).contains("--db-url");
        if (arguments[0].equals("serve") && !hasDatabase) {
            // The data folder, with its model, is everybody's; a database is one process's own.
            command.addAll(List.of("--db-url", "jdbc:h2:file:" + log.toAbsolutePath() + "-db/troupe"));
        }
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        // Whatever happens to the tests, nothing stays behind.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return new TroupeProcess(process, log);
    }

    /** @return the address of HTTP once it is ready */
    URI awaitUrl() {
        return URI.create(awaitLine("(?:Ready|Listening) at (https?://[^ ;]+)"));
    }

    /** @return {@code host:port} at which others may join */
    String awaitClusterAddress() {
        return awaitLine("Pool of \\d+ at (\\S+)");
    }

    /** @return the first group of a pattern, once the process has said it */
    String awaitLine(String pattern) {
        Pattern wanted = Pattern.compile(pattern);
        String[] found = new String[1];
        eventually(START, "\"" + pattern + "\" in what the process says", () -> {
            Matcher matcher = wanted.matcher(said());
            if (matcher.find()) {
                found[0] = matcher.groupCount() == 0 ? matcher.group() : matcher.group(1);
            } else if (!process.isAlive()) {
                fail("the process ended with %d and said: %s", process.exitValue(), said());
            }
            return found[0] != null;
        });
        return found[0];
    }

    String said() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int awaitExit(Duration atMost) throws InterruptedException {
        assertThat(process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS))
                .as("ends within %s; it says: %s", atMost, said())
                .isTrue();
        return process.exitValue();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** As {@code kill} does. */
    void terminate() {
        process.destroy();
    }

    /** As {@code kill -9} does. */
    void kill() {
        process.destroyForcibly();
    }

    /** @return a port of loopback that nobody listens at now */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    long pid() {
        return process.pid();
    }

    /** Stands still, as a process that hangs, until {@link #goOn}. */
    void hang() throws IOException, InterruptedException {
        signal("-STOP");
    }

    void goOn() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    long residentBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    static void eventually(Duration atMost, String what, BooleanSupplier condition) {
        long end = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("%s within %s", what, atMost).isLessThan(end);
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                fail("interrupted");
            }
        }
    }

    static HttpRequest request(URI url, String path, String body) {
        return HttpRequest.newBuilder(url.resolve(path))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofMinutes(2))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    static HttpResponse<String> post(URI url, String path, String body) {
        return send(request(url, path, body), HttpResponse.BodyHandlers.ofString());
    }

    static <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return HTTP.send(request, handler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static String get(URI url, String path) {
        HttpRequest request = HttpRequest.newBuilder(url.resolve(path)).build();
        return send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    /** @return the sum of a metric over its labels */
    static double metric(URI url, String name) {
        return get(url, "/metrics")
                .lines()
                .filter(line -> line.matches(name + "(\\{.*})? .*"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    /** @param more further fields, such as {@code ,"stream":true} */
    static String question(String text, int maxTokens, String more) {
        return "{\"model\":\"" + MODEL + "\",\"temperature\":0,\"max_tokens\":" + maxTokens
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]" + more + "}";
    }
}
