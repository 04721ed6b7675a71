package dev.troupe.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/** Keeps what one streamed answer is made of. Times are nanoseconds of any clock that only goes forward. */
final class StreamRecorder {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double NANOS = 1e9;
    private static final int DATA = 5;

    private final LineReader lines = new LineReader();
    private final ChunkScanner scanner = new ChunkScanner();
    private final long sent;
    private long now;
    private long first = -1;
    private long last = -1;
    private double[] gaps = new double[64];
    private int gapCount;
    private int chunks;
    private boolean done;
    private String error;
    private JsonNode usage = JSON.missingNode();

    /** @param sent when the request was written */
    StreamRecorder(long sent) {
        this.sent = sent;
    }

    /** @return how many chunks with text these bytes completed */
    int bytes(long at, byte[] bytes) {
        now = at;
        int before = chunks;
        lines.feed(bytes, this::line);
        return chunks - before;
    }

    /** @return what came of it, the answer having ended */
    Exchange end(long at) {
        if (error != null) {
            return Exchange.failed(seconds(at), error);
        }
        if (!done) {
            return Exchange.failed(seconds(at), "the server broke off in the middle of its answer");
        }
        return new Exchange(
                seconds(at),
                seconds(first < 0 ? at : first),
                seconds(last < 0 ? at : last),
                Samples.of(Arrays.copyOf(gaps, gapCount)),
                usage.path("prompt_tokens").asInt(0),
                usage.path("prompt_tokens_details").path("cached_tokens").asInt(0),
                usage.path("completion_tokens").asInt(chunks),
                Optional.empty());
    }

    /** @return what came of it, nothing more being to come */
    Exchange fail(long at, String why) {
        return Exchange.failed(seconds(at), error == null ? why : error);
    }

    private void line(byte[] bytes, int from, int to) {
        if (startsWith("data:", bytes, from, to)) {
            event(bytes, from + DATA, to);
        } else if (startsWith("error:", bytes, from, to)) {
            // Not of the standard, but some servers say it so.
            error = errorMessage(new String(bytes, from + 6, to - from - 6, UTF_8));
        }
    }

    private void event(byte[] bytes, int from, int to) {
        scanner.scan(bytes, from, to);
        done |= scanner.isDone();
        if (scanner.hasError()) {
            error = errorMessage(new String(bytes, from, to - from, UTF_8));
        }
        if (scanner.hasText()) {
            token();
        }
        if (scanner.hasUsage()) {
            usage = parsed(new String(bytes, from, to - from, UTF_8)).path("usage");
        }
    }

    private void token() {
        chunks++;
        if (first < 0) {
            first = now;
        } else {
            if (gapCount == gaps.length) {
                gaps = Arrays.copyOf(gaps, 2 * gapCount);
            }
            gaps[gapCount++] = (now - last) / NANOS;
        }
        last = now;
    }

    private double seconds(long at) {
        return (at - sent) / NANOS;
    }

    /** @return the server's own words, from a body in OpenAI's shape or any other */
    static String errorMessage(String body) {
        JsonNode parsed = parsed(body);
        JsonNode error = parsed.has("error") ? parsed.path("error") : parsed;
        String text = error.isTextual() ? error.asText() : error.path("message").asText(body);
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() > 300 ? line.substring(0, 300) + "…" : line;
    }

    private static JsonNode parsed(String json) {
        try {
            JsonNode node = JSON.readTree(json);
            return node == null ? JSON.missingNode() : node;
        } catch (IOException e) {
            return JSON.missingNode();
        }
    }

    private static boolean startsWith(String what, byte[] bytes, int from, int to) {
        if (to - from < what.length()) {
            return false;
        }
        for (int i = 0; i < what.length(); i++) {
            if (bytes[from + i] != what.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
