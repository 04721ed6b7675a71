package dev.troupe.node;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Asks a router, as a load balancer would, whether it can serve. */
final class Readiness {
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final long PAUSE_MILLIS = 50;

    private Readiness() {}

    /**
     * Blocks until {@code /health/ready} says yes.
     *
     * @throws UserError when it does not within a minute
     */
    static void await(String url) throws InterruptedException {
        HttpClient http = HttpClient.newHttpClient();
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url + "/health/ready")).build();
        long end = System.nanoTime() + LONGEST.toNanos();
        String last = "no answer";
        while (System.nanoTime() < end) {
            try {
                HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() == 200) {
                    return;
                }
                last = response.body();
            } catch (IOException e) {
                last = e.toString();
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
        throw new UserError("the router at " + url + " did not become ready: " + last);
    }
}
