package dev.troupe.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The whole command against a server in this process. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BenchCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private final FakeOpenAi server = new FakeOpenAi();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void everyLoadIsMeasuredAndShown() throws IOException {
        Path file = folder.resolve("figures.json");

        int code = bench(
                "--concurrency", "1,4", "--prompt-tokens", "90", "--output-tokens", "8", "--json", file.toString());

        assertThat(code).as(err.toString()).isZero();
        assertThat(out.toString()).contains("1 stream", "4 streams", "tokens/s out", "TTFT ms p50", "model fake");
        JsonNode loads = JSON.readTree(Files.readString(file)).path("loads");
        assertThat(loads).hasSize(2);
        for (JsonNode load : loads) {
            JsonNode figures = load.path("servers").path(0);
            int requests = load.path("streams").asInt() == 1 ? 8 : 16;
            assertThat(figures.path("requests").asInt()).isEqualTo(requests);
            assertThat(figures.path("failed").asInt()).isZero();
            assertThat(figures.path("output_tokens").asInt()).isEqualTo(8 * requests);
            assertThat(figures.path("prompt_tokens").asInt()).isEqualTo(90 * requests);
            assertThat(figures.path("inter_token_ms").path("count").asInt()).isEqualTo(7 * requests);
            assertThat(figures.path("ttft_ms").path("p50").asDouble()).isPositive();
            assertThat(figures.path("end_to_end_ms").path("max").asDouble())
                    .isGreaterThan(figures.path("ttft_ms").path("max").asDouble());
            assertThat(figures.path("client_cpu_us_per_token").asDouble()).isPositive();
        }
        assertThat(server.mostRunning()).isEqualTo(4);
    }

    @Test
    void requestsAskForGreedyAnswersOfTheWholeLengthWithUsage() {
        bench("--concurrency", "1", "--requests", "1", "--warmup", "0", "--output-tokens", "3");

        JsonNode body = server.asked.get(server.asked.size() - 1);
        assertThat(body.path("max_tokens").asInt()).isEqualTo(3);
        assertThat(body.path("ignore_eos").asBoolean()).isTrue();
        assertThat(body.path("temperature").asInt(1)).isZero();
        assertThat(body.path("stream_options").path("include_usage").asBoolean())
                .isTrue();
    }

    @Test
    void noPromptIsAskedTwice() {
        bench("--concurrency", "2", "--output-tokens", "2", "--rounds", "2");

        assertThat(prompts(server, 1)).doesNotHaveDuplicates().hasSizeGreaterThan(16);
    }

    @Test
    void twoServersAreAskedTheSameInTurn() throws IOException {
        Path file = folder.resolve("figures.json");
        try (FakeOpenAi other = new FakeOpenAi()) {
            int code = bench(
                    "--compare",
                    other.url(),
                    "--names",
                    "ours,theirs",
                    "--rounds",
                    "2",
                    "--concurrency",
                    "2",
                    "--output-tokens",
                    "4",
                    "--json",
                    file.toString());

            assertThat(code).isZero();
            assertThat(prompts(server, 4)).containsExactlyInAnyOrderElementsOf(prompts(other, 4));
        }
        assertThat(out.toString()).contains("ours/theirs", "round by round").containsPattern("tokens/s out.*\\d×");
        JsonNode load = JSON.readTree(Files.readString(file)).path("loads").path(0);
        assertThat(load.path("servers")).hasSize(2);
        assertThat(load.path("servers").path(1).path("tokens_per_second_by_round"))
                .hasSize(2);
        assertThat(load.path("ratio").path("tokens_per_second").asDouble()).isPositive();
    }

    @Test
    void sharedPrefixIsSeenOnceBeforeAndIsTheSameInAll() {
        bench(
                "--concurrency",
                "1",
                "--requests",
                "3",
                "--prompt-tokens",
                "130",
                "--shared-prefix",
                "100",
                "--output-tokens",
                "2");

        assertThat(out.toString()).contains("first sight of the shared prefix");
        List<String> measured = prompts(server, 2);
        String[] first = measured.get(0).split(" ", -1);
        for (String prompt : measured.subList(1, measured.size())) {
            String[] words = prompt.split(" ", -1);
            assertThat(List.of(words).subList(0, 30)).isEqualTo(List.of(first).subList(0, 30));
            assertThat(List.of(words).subList(40, 50))
                    .isNotEqualTo(List.of(first).subList(40, 50));
        }
    }

    @Test
    void arrivalsDoNotWaitForEachOther() {
        int code = bench("--rate", "200", "--requests", "40", "--output-tokens", "50", "--warmup", "0");

        assertThat(code).as(err.toString()).isZero();
        assertThat(out.toString()).contains("200 requests/s");
        assertThat(server.mostRunning()).isGreaterThan(2);
    }

    @Test
    void promptsOfAFileAreAskedInItsOrder() throws IOException {
        Path prompts = Files.writeString(
                folder.resolve("p.jsonl"), "{\"prompt\":\"one\"}\n{\"prompt\":\"two\"}\n{\"prompt\":\"three\"}\n");

        bench(
                "--dataset",
                prompts.toString(),
                "--concurrency",
                "1",
                "--requests",
                "4",
                "--warmup",
                "0",
                "--output-tokens",
                "2");

        assertThat(prompts(server, 2)).endsWith("two", "three", "one", "two");
        assertThat(out.toString()).contains("note: the file has fewer prompts");
    }

    @Test
    void refusalsAreCountedAndTheRunGoesOn() {
        server.refuse(body -> body.path("max_tokens").asInt() == 2 && server.asked.size() % 2 == 0);

        int code = bench("--concurrency", "1", "--requests", "10", "--output-tokens", "2", "--warmup", "0");

        assertThat(code).isZero();
        assertThat(out.toString()).contains("failed, 1 stream: 5 × the server answered 503: overloaded");
    }

    @Test
    void nothingAnsweredIsExitCodeOne() {
        server.refuse(body -> body.path("max_tokens").asInt() == 2);

        assertThat(bench("--concurrency", "2", "--output-tokens", "2")).isEqualTo(1);

        assertThat(out.toString()).contains("8 × the server answered 503: overloaded");
    }

    @Test
    void unknownModelIsSaidBeforeAnythingIsMeasured() {
        assertThat(bench("--model", "nobody")).isEqualTo(1);

        assertThat(err.toString())
                .isEqualToIgnoringNewLines(server.url() + ": the server answered 404: no model \"nobody\"");
    }

    @Test
    void unreachableServerIsOneLine() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        assertThat(bench("--url", "http://127.0.0.1:" + port)).isEqualTo(1);

        assertThat(err.toString()).contains("no answer from http://127.0.0.1:" + port, "refused");
    }

    @Test
    void contradictionsAreRefused() {
        for (List<String> wrong : List.of(
                List.of("--rate", "3", "--concurrency", "2"),
                List.of("--requests", "3", "--duration", "2"),
                List.of("--concurrency", "0"),
                List.of("--concurrency", "many"),
                List.of("--output-tokens", "0"),
                List.of("--shared-prefix", "100", "--prompt-tokens", "100"),
                List.of("--compare-model", "without --compare"),
                List.of("--names", "one"),
                List.of("--rounds", "0"))) {
            assertThat(bench(wrong.toArray(String[]::new))).as(wrong.toString()).isEqualTo(2);
        }
    }

    private static List<String> prompts(FakeOpenAi server, int maxTokens) {
        return server.asked.stream()
                .filter(body -> body.path("max_tokens").asInt() == maxTokens || maxTokens == 1)
                .map(FakeOpenAi::content)
                .toList();
    }

    private int bench(String... arguments) {
        CommandLine line = new CommandLine(new BenchCommand());
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            command.getErr().println(failure.getMessage());
            return 1;
        });
        List<String> all = new ArrayList<>(List.of(arguments));
        if (!all.contains("--url")) {
            all.addAll(List.of("--url", server.url()));
        }
        return line.execute(all.toArray(String[]::new));
    }
}
