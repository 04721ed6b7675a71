package dev.troupe.models.weights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.models.tokenizer.TextParts;
import dev.troupe.models.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TinyTokenizerTest {
    @TempDir
    Path directory;

    private static Tokenizer tokenizer(Path model) throws IOException {
        return Tokenizer.from(TextParts.read(model)
                .card("tiny", "0".repeat(32), TinyModel.CONTEXT, TinyTokenizer.SIZE, Instant.EPOCH));
    }

    @Test
    void bothFormsTokenizeAlikeAndLoseNothing() throws IOException {
        TinyModel model = TinyModel.quantised();
        Tokenizer gguf = tokenizer(model.write(directory.resolve("m.gguf")));
        Tokenizer huggingFace = tokenizer(model.writeHuggingFace(directory.resolve("hf"), 1));
        for (String text : new String[] {"the other thing to 1234", "Größe \n\t 日本 🙂", "", "a\u0000b"}) {
            int[] ids = gguf.encode(text, false);
            assertThat(huggingFace.encode(text, false)).containsExactly(ids);
            assertThat(gguf.decode(ids)).isEqualTo(text);
        }
        assertThat(gguf.encode(" the", false)).hasSize(1);
        assertThat(gguf.encode("<|im_start|>", true)).containsExactly(TinyTokenizer.IM_START);
        assertThat(gguf.eosIds()).contains(TinyTokenizer.IM_END);
        assertThat(gguf.vocabSize()).isEqualTo(TinyTokenizer.SIZE);
    }
}
