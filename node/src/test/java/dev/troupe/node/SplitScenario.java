package dev.troupe.node;

import static dev.troupe.node.TroupeProcess.eventually;
import static dev.troupe.node.TroupeProcess.get;
import static dev.troupe.node.TroupeProcess.json;
import static dev.troupe.node.TroupeProcess.metric;
import static dev.troupe.node.TroupeProcess.post;
import static dev.troupe.node.TroupeProcess.question;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.node.SplitStream.End;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A pool of three whole servers, a split between one and two of them, and what their clients must see. */
final class SplitScenario implements AutoCloseable {
    private static final String CHAT = "/v1/chat/completions";
    private static final Duration SOON = Duration.ofMinutes(2);
    /** Generous: silence is heard after three to four seconds, on a machine that has nothing else to do. */
    private static final Duration NOTICED = Duration.ofSeconds(20);

    private static final Pattern ACCESS = Pattern.compile("POST " + CHAT + " (\\d+) \\S+ id=(\\S+)");

    private final SplitNetwork network;
    private final List<TroupeProcess> processes = new ArrayList<>();
    private final List<String> served = new ArrayList<>();
    private final Set<String> cut = new HashSet<>();
    private int sent;

    SplitScenario(SplitNetwork network) {
        this.network = network;
    }

    /** Until all three serve. */
    void start() throws IOException {
        for (int host = 0; host < SplitNetwork.HOSTS; host++) {
            TroupeProcess process = network.start(
                    host,
                    List.of(
                            "--roles", "router,batcher,worker",
                            "--expected-nodes", "3",
                            // With three models on two processors a heartbeat may be late by the usual three.
                            "--hang-timeout", "6s",
                            "--kv-memory", "256m",
                            "--threads", "1"));
            processes.add(process);
            // One after the other, so that the first is the oldest, which Hazelcast gives a special part.
            process.awaitLine("Pool of " + (host + 1));
        }
        allServe();
    }

    /** Cuts a host off while everybody streams, mends it, and counts. */
    void splitAndHeal(int minority) {
        List<SplitStream> streams = new ArrayList<>();
        for (int host = 0; host < SplitNetwork.HOSTS; host++) {
            streams.add(stream(host, host == minority ? 3000 : 150));
        }
        CompletableFuture<HttpResponse<String>> whole =
                CompletableFuture.supplyAsync(() -> ask(minority, 3000, ",\"ignore_eos\":true"));
        sent++;

        List<Long> lossesBefore = majority(minority).map(this::losses).toList();
        long cutAt = System.nanoTime();
        network.cut(minority);
        eventually(NOTICED, "a refusal by the minority", () -> refuses(minority));
        say("host " + minority + " refuses new work, since the cut", cutAt);

        assertThat(get(network.url(minority), "/health/ready")).contains("no_majority");
        assertThat(whole.orTimeout(10, TimeUnit.SECONDS).join().statusCode()).isEqualTo(503);
        majority(minority).forEach(host -> eventually(SOON, "an answer of host " + host, () -> answers(host)));
        say("the majority answers at every router, since the cut", cutAt);
        for (SplitStream stream : streams) {
            End end = stream.await(SOON);
            assertThat(end).as("stream of host " + stream.host).isEqualTo(stream.host == minority ? End.CUT : End.DONE);
            (end == End.DONE ? served : cut).add(stream.id());
        }
        assertThat(refuses(minority)).as("refuses as long as it is alone").isTrue();

        long healedAt = System.nanoTime();
        network.heal();
        eventually(SOON, "a restart of the minority", () -> restarted(minority));
        allServe();
        say("all three serve again, since the cable was mended", healedAt);
        assertThat(majority(minority).map(this::losses).toList())
                .as("the majority holds together")
                .isEqualTo(lossesBefore);
        assertNothingIsServedTwice();
    }

    private long losses(int host) {
        return processes
                .get(host)
                .said()
                .lines()
                .filter(line -> line.contains("Lost the majority"))
                .count();
    }

    private boolean restarted(int host) {
        String said = processes.get(host).said();
        int again = said.lastIndexOf("now joins it as a new one");
        return again > 0 && said.indexOf("Pool of 3", again) > 0;
    }

    private static Stream<Integer> majority(int minority) {
        return IntStream.range(0, SplitNetwork.HOSTS)
                .filter(host -> host != minority)
                .boxed();
    }

    /** Every router answers, and every worker works for all of them. */
    private void allServe() {
        for (int host = 0; host < SplitNetwork.HOSTS; host++) {
            int each = host;
            eventually(
                    SOON,
                    "readiness of host " + host,
                    () -> reached(() -> get(network.url(each), "/health/ready").contains("\"ready\"")));
            eventually(SOON, "an answer of host " + host, () -> answers(each));
        }
        double[] before = steps();
        eventually(SOON, "work for every worker by the first router", () -> {
            Stream.generate(() -> CompletableFuture.supplyAsync(() -> answersOnce(0, 8)))
                    .limit(6)
                    .toList()
                    .forEach(this::count);
            double[] now = steps();
            return IntStream.range(0, SplitNetwork.HOSTS).allMatch(host -> now[host] > before[host]);
        });
    }

    private double[] steps() {
        return IntStream.range(0, SplitNetwork.HOSTS)
                .mapToDouble(host -> metric(network.url(host), "troupe_step_duration_seconds_count"))
                .toArray();
    }

    private SplitStream stream(int host, int tokens) {
        sent++;
        return SplitStream.begin(host, network.url(host), tokens);
    }

    private boolean answers(int host) {
        HttpResponse<String> response = ask(host, 1, "");
        sent++;
        note(response);
        return response.statusCode() == 200;
    }

    private HttpResponse<String> answersOnce(int host, int tokens) {
        return ask(host, tokens, "");
    }

    private void count(CompletableFuture<HttpResponse<String>> answer) {
        sent++;
        note(answer.join());
    }

    private void note(HttpResponse<String> response) {
        if (response.statusCode() == 200) {
            served.add(json(response.body()).path("id").asText());
        }
    }

    private boolean refuses(int host) {
        HttpResponse<String> response = ask(host, 1, "");
        sent++;
        note(response);
        return response.statusCode() == 503 && response.body().contains("no_majority");
    }

    private HttpResponse<String> ask(int host, int tokens, String more) {
        return post(network.url(host), CHAT, question("Hello", tokens, more));
    }

    /** By what all routers have written down: each request once, and each one that was served whole is one that a client got whole. */
    private void assertNothingIsServedTwice() {
        List<MatchResult> requests = processes.stream()
                .flatMap(process -> ACCESS.matcher(process.said()).results())
                .toList();
        assertThat(requests.stream().map(request -> request.group(2)).distinct())
                .hasSize(sent);
        List<String> ended = requests.stream()
                .filter(request -> request.group(1).equals("200"))
                .map(request -> request.group(2))
                .toList();
        assertThat(ended).doesNotHaveDuplicates().containsAll(served);
        // What the minority had to break off the majority may have gone on with, once.
        assertThat(ended).allMatch(id -> served.contains(id) || cut.contains(id));
        System.out.println(sent + " requests, " + served.size() + " served, none twice");
    }

    private static boolean reached(Supplier<Boolean> question) {
        try {
            return question.get();
        } catch (UncheckedIOException e) {
            return false; // its router is down for the moment
        }
    }

    private static void say(String what, long sinceNanos) {
        System.out.printf("%s: %.1f s%n", what, (System.nanoTime() - sinceNanos) / 1e9);
    }

    @Override
    public void close() {
        processes.forEach(TroupeProcess::close);
        network.close();
    }
}
