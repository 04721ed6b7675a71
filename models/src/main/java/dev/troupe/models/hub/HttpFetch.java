package dev.troupe.models.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Files over HTTP, taken up where they broke off. */
final class HttpFetch {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);
    private static final int ATTEMPTS = 5;
    private static final int MAX_REDIRECTS = 8;

    private final HubConfig config;
    /** Redirects are followed here, for the client would take the token along to other hosts. */
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    HttpFetch(HubConfig config) {
        this.config = config;
    }

    /** The answer to a HEAD request itself, not to where it redirects: the hub tells size and hash there. */
    HttpResponse<Void> head(URI uri) throws IOException {
        HttpRequest request =
                request(uri).method("HEAD", HttpRequest.BodyPublishers.noBody()).build();
        return send(request, HttpResponse.BodyHandlers.discarding());
    }

    /** The answer of where redirects lead to, from a byte of it on. */
    HttpResponse<InputStream> get(URI uri, long from) throws IOException {
        URI at = uri;
        for (int hop = 0; hop < MAX_REDIRECTS; hop++) {
            HttpRequest.Builder request = request(at);
            if (from > 0) {
                request.header("Range", "bytes=" + from + "-");
            }
            HttpResponse<InputStream> response = send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            Optional<String> location = response.headers().firstValue("Location");
            if (response.statusCode() / 100 != 3 || location.isEmpty()) {
                return response;
            }
            response.body().close();
            URI next = at.resolve(location.get());
            if (at.getScheme().equals("https") && !"https".equals(next.getScheme())) {
                throw new HubException(at + " redirects to the unprotected " + next + "; use another mirror");
            }
            at = next;
        }
        throw new HubException(uri + " redirects without end; use another mirror");
    }

    /**
     * Fetches into a file, going on after what is already in it. Broken transfers are taken up again a few times.
     *
     * @param total bytes of the whole file
     */
    void fetch(URI uri, Path file, long total, LongConsumer progress) throws IOException {
        Duration pause = config.retryPause();
        for (int attempt = 1; ; attempt++) {
            long before = size(file);
            try {
                attempt(uri, file, total, progress);
                return;
            } catch (IOException e) {
                if (size(file) > before) {
                    attempt = 1; // it goes on, if slowly
                    pause = config.retryPause();
                }
                boolean unreachable = e instanceof ConnectException && before == 0;
                if (attempt >= ATTEMPTS
                        || unreachable
                        || Files.getFileStore(file.getParent()).getUsableSpace() == 0) {
                    throw e;
                }
                sleep(pause);
                pause = pause.multipliedBy(2);
            }
        }
    }

    private void attempt(URI uri, Path file, long total, LongConsumer progress) throws IOException {
        long have = size(file);
        if (have > total) {
            Files.delete(file);
            have = 0;
        }
        if (have == total && total > 0) {
            return;
        }
        HttpResponse<InputStream> response = get(uri, have);
        try (InputStream body = response.body();
                StallGuard guard = new StallGuard(body, config.stallLimit())) {
            boolean goesOn = response.statusCode() == 206 && startsAt(response, have);
            if (response.statusCode() == 429 || response.statusCode() >= 500) {
                throw new IOException(uri.getHost() + " answers with status " + response.statusCode());
            }
            if (!goesOn && response.statusCode() != 200) {
                throw refused(uri, response.statusCode());
            }
            copy(body, file, goesOn, done -> {
                guard.alive();
                progress.accept(done);
            });
        }
        if (size(file) != total) {
            throw new IOException(
                    uri.getHost() + " sent " + size(file) + " bytes and stopped, where " + total + " are expected");
        }
    }

    private static void copy(InputStream body, Path file, boolean goesOn, LongConsumer progress) throws IOException {
        long done = goesOn ? size(file) : 0;
        try (OutputStream out = Files.newOutputStream(
                file,
                StandardOpenOption.CREATE,
                goesOn ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            var buffer = new byte[1 << 16];
            for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                out.write(buffer, 0, n);
                done += n;
                progress.accept(done);
            }
        }
    }

    private static boolean startsAt(HttpResponse<?> response, long have) {
        return response.headers()
                .firstValue("Content-Range")
                .map(range -> range.startsWith("bytes " + have + "-"))
                .orElse(false);
    }

    static HubException refused(URI uri, int status) {
        return new HubException(
                switch (status) {
                    case 401, 403 ->
                        uri + " is not open to you (" + status
                                + "): accept the model's licence on its page and set HF_TOKEN";
                    case 404 -> uri + " does not exist (404): check the name";
                    default -> uri + " answers with status " + status + "; try again later";
                });
    }

    private HttpRequest.Builder request(URI uri) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(ANSWER_TIMEOUT)
                .header("User-Agent", "troupe")
                .header("Accept-Encoding", "identity");
        Optional<String> token = config.token()
                .filter(known -> uri.getHost().equals(config.huggingFace().getHost()));
        token.ifPresent(value -> request.header("Authorization", "Bearer " + value));
        return request;
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> body) throws IOException {
        try {
            return client.send(request, body);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static void sleep(Duration pause) {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    static HubException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new HubException("the download was interrupted; it goes on where it stopped when you try again", e);
    }

    private static long size(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }
}
