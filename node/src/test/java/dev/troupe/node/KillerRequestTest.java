package dev.troupe.node;

import static dev.troupe.node.TroupeProcess.post;
import static dev.troupe.node.TroupeProcess.question;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A request whose first token ends every process that computes it, among others that are as they should be. */
class KillerRequestTest {
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final String ROUTER = "router";
    private static final List<String> WORKERS = List.of("worker-0", "worker-1");
    private static final int OTHERS = 4;
    private static final int TOKENS = 300;
    /** No text of these tests has it, unless it is asked for. */
    private static final int DEADLY = 31_337;

    private int deaths;

    @Test
    void isRefusedAfterThreeDeathsAndTheOthersEndAsIfItHadNotBeen() throws Exception {
        try (Fleet fleet = new Fleet(
                List.of("-Dtroupe.fault.deadly-token=" + DEADLY), List.of("--threads", "1", "--kv-memory", "256m"))) {
            fleet.startRouter(ROUTER);
            for (String worker : WORKERS) {
                fleet.startWorker(worker);
            }
            fleet.awaitWhole(ROUTER);
            List<ComingBack> undisturbed = others(fleet, "undisturbed");
            run(fleet, undisturbed);
            assertThat(deaths).isZero();

            List<ComingBack> all = others(fleet, "disturbed");
            ComingBack killer = client(fleet, "killer", "Hello!", ",\"logit_bias\":{\"" + DEADLY + "\":100}");
            all.add(killer);
            run(fleet, all);

            assertThat(killer.trouble(TOKENS))
                    .hasValueSatisfying(trouble -> assertThat(trouble).contains("worker_killed"));
            assertThat(deaths).isEqualTo(3);
            assertThat(texts(all.subList(0, OTHERS))).isEqualTo(texts(undisturbed));
            assertThat(post(fleet.url(ROUTER), "/v1/chat/completions", question("Hello", 4, ""))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    private static List<ComingBack> others(Fleet fleet, String name) {
        return new ArrayList<>(IntStream.range(0, OTHERS)
                .mapToObj(i -> client(fleet, name + "-" + i, "Tell me a story of " + i + " ships.", ""))
                .toList());
    }

    private static ComingBack client(Fleet fleet, String name, String text, String more) {
        String body = question(
                text,
                TOKENS,
                ",\"ignore_eos\":true,\"stream\":true,\"stream_options\":{\"include_usage\":true}" + more);
        return new ComingBack(() -> fleet.url(ROUTER), body, name);
    }

    private static List<String> texts(List<ComingBack> clients) {
        assertThat(clients)
                .allSatisfy(client -> assertThat(client.trouble(TOKENS)).isEmpty());
        return clients.stream().map(ComingBack::text).toList();
    }

    /** One begins after the other, so that the last comes among those that run; what dies meanwhile is started again. */
    private void run(Fleet fleet, List<ComingBack> clients) throws IOException {
        for (ComingBack client : clients) {
            new Thread(client, "client").start();
            TroupeProcess.eventually(
                    SOON, "it to begin", () -> client.chars() > 0 || deadOne(fleet) || client.isOver());
        }
        while (!clients.stream().allMatch(ComingBack::isOver)) {
            for (String worker : WORKERS) {
                if (!fleet.process(worker).isAlive()) {
                    deaths++;
                    fleet.startWorker(worker);
                }
            }
            pause();
        }
    }

    private static boolean deadOne(Fleet fleet) {
        return WORKERS.stream().anyMatch(worker -> !fleet.process(worker).isAlive());
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
