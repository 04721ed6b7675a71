package dev.troupe.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamRecorderTest {
    private static final String ROLE =
            event("{\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}],\"usage\":null}");
    private static final String USAGE =
            event("{\"choices\":[],\"usage\":{\"prompt_tokens\":101,\"completion_tokens\":3,"
                    + "\"prompt_tokens_details\":{\"cached_tokens\":32}}}");
    private static final String DONE = event("[DONE]");

    private final StreamRecorder recorder = new StreamRecorder(seconds(100));

    @Test
    void timesAreThoseOfChunksWithText() {
        at(100.1, ROLE);
        at(100.5, text("Gr"));
        at(100.6, ": keep-alive\n\n");
        at(100.7, text("üß"));
        at(101.2, text("e"));
        at(101.3, event("{\"choices\":[{\"delta\":{},\"finish_reason\":\"length\"}]}") + USAGE + DONE);

        Exchange exchange = recorder.end(seconds(101.4));

        assertThat(exchange.isDone()).isTrue();
        assertThat(exchange.firstToken()).isCloseTo(0.5, within(1e-9));
        assertThat(exchange.gaps().count()).isEqualTo(2);
        assertThat(exchange.gaps().percentile(0)).isCloseTo(0.2, within(1e-9));
        assertThat(exchange.gaps().percentile(100)).isCloseTo(0.5, within(1e-9));
        assertThat(exchange.secondsPerToken()).isCloseTo(0.35, within(1e-9));
        assertThat(exchange.seconds()).isCloseTo(1.4, within(1e-9));
        assertThat(exchange.promptTokens()).isEqualTo(101);
        assertThat(exchange.cachedTokens()).isEqualTo(32);
        assertThat(exchange.outputTokens()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64})
    void bytesMayBeCutAnywhere(int size) {
        byte[] all = (ROLE + text("a") + text("ü").replace("\n", "\r\n") + text("c") + USAGE + DONE).getBytes(UTF_8);
        int chunks = 0;
        for (int from = 0; from < all.length; from += size) {
            chunks += recorder.bytes(seconds(101), Arrays.copyOfRange(all, from, Math.min(all.length, from + size)));
        }

        Exchange exchange = recorder.end(seconds(102));

        assertThat(chunks).isEqualTo(3);
        assertThat(exchange.isDone()).isTrue();
        assertThat(exchange.promptTokens()).isEqualTo(101);
    }

    @Test
    void withoutUsageChunksAreCounted() {
        at(101, text("a") + text("b") + DONE);

        assertThat(recorder.end(seconds(102)).outputTokens()).isEqualTo(2);
    }

    @Test
    void answerOfOneSilentTokenHasItsFirstAtTheEnd() {
        at(101, ROLE + USAGE.replace("\"completion_tokens\":3", "\"completion_tokens\":1") + DONE);

        Exchange exchange = recorder.end(seconds(101.5));

        assertThat(exchange.firstToken()).isCloseTo(1.5, within(1e-9));
        assertThat(exchange.secondsPerToken()).isNaN();
    }

    @Test
    void wordsOfTheModelAreNotTakenForTheProtocol() {
        at(101, text("\\\"usage\\\":{\\\"completion_tokens\\\":99},\\\"error\\\":{\\\"message\\\":\\\"x\\\"} [DONE]"));
        at(102, text("data: [DONE]\\n\\ndata: x") + DONE);

        Exchange exchange = recorder.end(seconds(103));

        assertThat(exchange.error()).isEmpty();
        assertThat(exchange.outputTokens()).isEqualTo(2);
    }

    @Test
    void spacesInTheJsonDoNotMatter() {
        at(101, event("{\"choices\": [{\"delta\": {\"content\": \"a\"}}], \"usage\": null, \"error\": null}"));
        at(102, event("{\"choices\": [{\"delta\": {\"content\": \"\"}}]}"));
        at(102, event("{\"choices\": [{\"delta\": {\"content\": null, \"reasoning_content\": \"hm\"}}]}") + DONE);

        Exchange exchange = recorder.end(seconds(103));

        assertThat(exchange.error()).isEmpty();
        assertThat(exchange.outputTokens()).isEqualTo(2);
    }

    @Test
    void streamThatBreaksOffIsAnError() {
        at(101, text("half"));

        assertThat(recorder.end(seconds(102)).error())
                .hasValueSatisfying(error -> assertThat(error).contains("broke off"));
    }

    @Test
    void errorInsideTheStreamCarriesTheServersWords() {
        at(101, text("a") + event("{\"error\":{\"message\":\"replica lost\",\"code\":503}}") + DONE);

        assertThat(recorder.end(seconds(102)).error()).contains("replica lost");
    }

    @Test
    void errorBesideTheDataIsAnErrorToo() {
        at(101, "error: {\"code\":500,\"message\":\"no slot\"}\n\n");

        assertThat(recorder.end(seconds(102)).error()).contains("no slot");
    }

    @Test
    void errorsOfEveryShapeAreOneLine() {
        assertThat(StreamRecorder.errorMessage("{\"error\":{\"message\":\"queue\\n is full\"}}"))
                .isEqualTo("queue is full");
        assertThat(StreamRecorder.errorMessage("{\"error\":\"nope\"}")).isEqualTo("nope");
        assertThat(StreamRecorder.errorMessage("<html>\nbad gateway")).isEqualTo("<html> bad gateway");
        assertThat(StreamRecorder.errorMessage("x".repeat(5000))).hasSize(301);
    }

    private void at(double second, String text) {
        recorder.bytes(seconds(second), text.getBytes(UTF_8));
    }

    private static long seconds(double seconds) {
        return Math.round(seconds * 1e9);
    }

    private static String text(String text) {
        return event(
                "{\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"}}],\"usage\":null}");
    }

    private static String event(String data) {
        return "data: " + data + "\n\n";
    }
}
