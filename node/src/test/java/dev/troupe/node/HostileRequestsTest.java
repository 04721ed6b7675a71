package dev.troupe.node;

import static dev.troupe.node.TroupeProcess.eventually;
import static dev.troupe.node.TroupeProcess.metric;
import static dev.troupe.node.TroupeProcess.post;
import static dev.troupe.node.TroupeProcess.question;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Ten thousand random and hostile requests, on raw sockets because no proper client would send them, leave the server as it was.
 * {@code -Dtroupe.hostile.requests=N} makes them more, {@code -Dtroupe.seed=S} others.
 */
class HostileRequestsTest {
    private static final int REQUESTS = Integer.getInteger("troupe.hostile.requests", 10_000);
    private static final long SEED = Long.getLong("troupe.seed", 20261123);
    /** Of the requests, to have heap, allocator and prefix cache at their working size. */
    private static final int WARM_UP = REQUESTS / 5;

    private static final int THREADS = 8;
    /** What resident memory may differ by between two moments of the same load; ten kilobytes lost a request are beyond it. */
    private static final long SLACK = 80L << 20;

    /** No status: an answer that came while this client was still sending was lost with the connection, as TCP has it. */
    private static final int RESET = 0;

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");

    @Test
    void serverIsAsBeforeAfterwards() throws Exception {
        URI url = SharedServer.url();
        storm(url, SEED, WARM_UP);
        awaitIdle(url);
        long before = SharedServer.process().residentBytes();

        Map<Integer, Integer> statuses = storm(url, SEED + 1, REQUESTS - WARM_UP);
        awaitIdle(url);

        System.out.println("Statuses of seed " + SEED + ": " + statuses);
        assertThat(statuses.keySet())
                .isSubsetOf(RESET, 200, 400, 404, 405, 413, 415)
                .contains(200, 400, 404, 405, 413, 415);
        assertThat(statuses.getOrDefault(RESET, 0)).isLessThan(REQUESTS / 20);
        assertThat(SharedServer.process().residentBytes() - before)
                .as("growth of resident memory, seed %d", SEED)
                .isLessThan(SLACK);
        assertThat(post(url, "/v1/chat/completions", question("12 + 30 =", 16, ""))
                        .body())
                .contains("The answer is 12 + 30 = 32.");
        assertThat(SharedServer.process().said()).doesNotContain("\tat ", "ERROR");
    }

    private static void awaitIdle(URI url) {
        eventually(
                Duration.ofMinutes(1),
                "an idle server",
                () -> metric(url, "troupe_num_requests_running")
                                + metric(url, "troupe_num_requests_waiting")
                                + metric(url, "troupe_kv_cache_usage_ratio")
                                + metric(url, "troupe_router_open_requests")
                        == 0);
    }

    /** @return how often each status was answered */
    private static Map<Integer, Integer> storm(URI url, long seed, int requests) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        Map<Integer, Integer> statuses = new ConcurrentSkipListMap<>();
        List<Future<Void>> all = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            long own = seed * 1_000_003 + i;
            Callable<Void> request = () -> {
                send(url, new Random(own)).ifPresent(status -> statuses.merge(status, 1, Integer::sum));
                return null;
            };
            all.add(threads.submit(request));
        }
        threads.shutdown();
        for (Future<Void> each : all) {
            each.get();
        }
        return statuses;
    }

    /** @return the status, unless this client went without waiting for it */
    private static Optional<Integer> send(URI url, Random random) throws IOException {
        byte[] body = body(random);
        boolean halfAndGone = random.nextInt(10) == 0;
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.setSoTimeout(60_000);
            OutputStream out = socket.getOutputStream();
            out.write(head(random, url, body.length).getBytes(ISO_8859_1));
            out.write(body, 0, halfAndGone ? body.length / 2 : body.length);
            out.flush();
            return halfAndGone || random.nextInt(5) == 0
                    ? Optional.empty()
                    : Optional.of(status(socket.getInputStream(), random));
        } catch (SocketException e) {
            return Optional.of(RESET);
        }
    }

    private static int status(InputStream in, Random random) throws IOException {
        byte[] buffer = new byte[1 << 14];
        int read = in.read(buffer);
        Matcher status = STATUS.matcher(new String(buffer, 0, Math.max(read, 0), ISO_8859_1));
        assertThat(status.lookingAt()).as("an HTTP answer").isTrue();
        // Some stay for a little more, and some to the end.
        for (int reads = random.nextInt(4); reads > 0 && read >= 0; reads--) {
            read = in.read(buffer);
        }
        return Integer.parseInt(status.group(1));
    }

    private static String head(Random random, URI url, int length) {
        String path = pick(
                random,
                "/v1/chat/completions",
                "/v1/chat/completions",
                "/v1/completions",
                "/v1/models",
                "/../x",
                "/%ff");
        String method = pick(random, "POST", "POST", "POST", "GET", "DELETE", "BREW");
        String type = pick(random, "application/json", "application/json", "application/json", "text/plain");
        int claimed = random.nextInt(200) == 0 ? 50_000_000 : length;
        return method + " " + path + " HTTP/1.1\r\nHost: " + url.getAuthority() + "\r\nContent-Type: " + type
                + "\r\nContent-Length: " + claimed + "\r\nConnection: close\r\n\r\n";
    }

    private static byte[] body(Random random) {
        String good = question(
                "Say " + random.nextInt(50), 1 + random.nextInt(6), random.nextBoolean() ? ",\"stream\":true" : "");
        return switch (random.nextInt(8)) {
            case 0 -> noise(random);
            case 1 -> good.substring(0, random.nextInt(good.length())).getBytes(UTF_8);
            case 2 -> "[".repeat(1 + random.nextInt(50_000)).getBytes(UTF_8);
            case 3 -> good.replaceFirst("\\{", "{" + wrongField(random) + ",").getBytes(UTF_8);
            default -> good.getBytes(UTF_8);
        };
    }

    private static byte[] noise(Random random) {
        byte[] noise = new byte[random.nextInt(2000)];
        random.nextBytes(noise);
        return noise;
    }

    /** Before the right one of the same name, or beside it. */
    private static String wrongField(Random random) {
        String field =
                pick(random, "temperature", "n", "max_tokens", "stop", "messages", "logit_bias", "seed", "model");
        String value =
                pick(random, "NaN", "-1", "1e999", "1000", "{}", "[[]]", "\"\\\\ud800\"", "null", "true", "\"x\"");
        return "\"" + field + "\":" + value;
    }

    private static String pick(Random random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
