package dev.troupe.router.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.models.tokenizer.Tokenizer;
import dev.troupe.router.TinyModel;
import dev.troupe.router.api.Json;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextEventTest {
    private static final Tokenizer TOKENIZER = Tokenizer.from(TinyModel.card("tiny", "fingerprint"));
    /** Where a name holds what stands for the text, the text must still go to its own place. */
    private static final AnswerHead HEAD = new AnswerHead("id-1", "a model called {text}", "fp_1", 1_700_000_000);

    private static final List<AnswerShape> SHAPES =
            List.of(new ChatShape(TOKENIZER, false), new TextShape(TOKENIZER, false, List.of("", "", "")));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain",
                " \"quoted\" \\ / ",
                "\n\t\u0000\u001f\u007f",
                "{text}",
                "\u00e9\u20ac\ud83d\ude42",
                "\u2028\ufffd"
            })
    void eventIsTheOneThatATreeWouldGive(String text) {
        SHAPES.forEach(shape -> assertThat(written(shape, 2, text)).isEqualTo(expected(shape, 2, text)));
    }

    @Property(tries = 200)
    void anyTextArrives(@ForAll String text) {
        String wellFormed = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        AnswerShape chat = SHAPES.get(0);
        assertThat(written(chat, 0, wellFormed)).isEqualTo(expected(chat, 0, wellFormed));
    }

    private static ObjectNode written(AnswerShape shape, int index, String text) {
        TextEvent event = TextEvent.of(hole -> document(shape, index, hole));
        Buffer out = Buffer.buffer("before ");
        event.append(text, out);
        assertThat(out.toString()).startsWith("before data: {").endsWith("}\n\n");
        return Json.parse(out.getBytes("before data: ".length(), out.length()));
    }

    /** As it is after a journey, where no number remembers its type. */
    private static ObjectNode expected(AnswerShape shape, int index, String text) {
        return Json.parse(Json.bytes(document(shape, index, text)));
    }

    private static ObjectNode document(AnswerShape shape, int index, String text) {
        ObjectNode chunk = HEAD.toJson(shape.object(true));
        chunk.putArray("choices").add(shape.delta(index, text, List.of()));
        return chunk.putNull("usage");
    }
}
