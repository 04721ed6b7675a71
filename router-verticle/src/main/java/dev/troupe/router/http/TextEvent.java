package dev.troupe.router.http;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import dev.troupe.router.api.Json;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/** An event of a stream of which only one text changes: what stands before and after it is made once. */
final class TextEvent {
    /** Where the text goes. The fields before it may hold the same; those after it are our own and do not. */
    private static final String HOLE = "{text}";

    private final byte[] before;
    private final byte[] after;

    private TextEvent(byte[] before, byte[] after) {
        this.before = before;
        this.after = after;
    }

    /** @param document the event's JSON with a given text, the same but for that */
    static TextEvent of(Function<String, JsonNode> document) {
        String json = new String(Json.bytes(document.apply(HOLE)), StandardCharsets.UTF_8);
        int hole = json.lastIndexOf(HOLE);
        String before = "data: " + json.substring(0, hole);
        String after = json.substring(hole + HOLE.length()) + "\n\n";
        return new TextEvent(before.getBytes(StandardCharsets.UTF_8), after.getBytes(StandardCharsets.UTF_8));
    }

    void append(String text, Buffer out) {
        out.appendBytes(before).appendBytes(quoted(text)).appendBytes(after);
    }

    private static byte[] quoted(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '"' || c == '\\' || c > '~') {
                return JsonStringEncoder.getInstance().quoteAsUTF8(text);
            }
        }
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
