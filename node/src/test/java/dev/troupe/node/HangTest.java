package dev.troupe.node;

import static dev.troupe.node.TroupeProcess.eventually;
import static dev.troupe.node.TroupeProcess.get;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A real process that stands still with all its connections open, and wakes up again. */
class HangTest {
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final String AGAIN = "now joins it as a new one";

    @Test
    void aHungProcessIsTakenForLostAndAfterItsWakingThePoolIsWhole() throws Exception {
        try (TroupeProcess first = router()) {
            String pool = first.awaitClusterAddress();
            URI url = first.awaitUrl();
            assertThat(get(url, "/health/ready")).contains("no_majority");

            try (TroupeProcess second = router("--join", pool)) {
                second.awaitLine("Pool of 2");
                eventually(SOON, "two of three", () -> !lacksMajority(url));

                second.hang();
                long stopped = System.nanoTime();
                eventually(Duration.ofSeconds(30), "notice of the hang", () -> lacksMajority(url));
                System.out.printf("out after %.1f s of silence%n", (System.nanoTime() - stopped) / 1e9);

                second.goOn();
                // Of two equal sides Hazelcast chooses one.
                eventually(SOON, "one that starts anew", () -> Stream.of(first, second)
                        .anyMatch(process -> process.said().contains(AGAIN)));
                eventually(SOON, "two of three again", () -> !lacksMajority(url));
                assertThat(Stream.of(first, second)
                                .filter(process -> process.said().contains(AGAIN)))
                        .hasSize(1);
            }
        }
    }

    private static boolean lacksMajority(URI url) {
        try {
            return get(url, "/health/ready").contains("no_majority");
        } catch (UncheckedIOException e) {
            return true; // starting anew
        }
    }

    private static TroupeProcess router(String... more) throws Exception {
        int port = TroupeProcess.freePort();
        List<String> line =
                new ArrayList<>(List.of("node", "--roles", "router", "--port", "" + port, "--expected-nodes", "3"));
        line.addAll(List.of(more));
        return TroupeProcess.start(line.toArray(String[]::new));
    }
}
