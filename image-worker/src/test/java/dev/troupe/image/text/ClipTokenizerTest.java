package dev.troupe.image.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.troupe.image.TinySd;
import dev.troupe.models.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClipTokenizerTest {
    @TempDir
    Path folder;

    private static ClipTokenizer tokenizer() throws IOException {
        return ClipTokenizer.read(TinySd.directory().resolve("tokenizer"), 77, 147);
    }

    /** Ids without begin and padding. */
    private static int[] ids(ClipTokenizer tokenizer, String text) {
        Prompt prompt = tokenizer.encode(text);
        return prompt.ids().slice(1, 1 + prompt.tokens()).toArray();
    }

    private Path copy() throws IOException {
        return TinySd.copy(folder.resolve("m")).resolve("tokenizer");
    }

    @Test
    void promptsAreTheGoldens() throws IOException {
        for (JsonNode text : TinySd.golden().path("text")) {
            Prompt prompt = tokenizer().encode(text.path("prompt").asText());
            assertThat(prompt.ids().size()).isEqualTo(77);
            for (int i = 0; i < 77; i++) {
                assertThat(prompt.ids().get(i))
                        .isEqualTo(text.path("ids").get(i).asInt());
            }
            assertThat(prompt.isCut()).isFalse();
        }
    }

    @Test
    void tokenizerJsonGivesTheSameWhereTheOtherFilesAreMissing() throws IOException {
        Path copy = copy();
        Files.delete(copy.resolve("vocab.json"));
        Files.delete(copy.resolve("merges.txt"));
        String text = "The moon over a lighthouse, drawing";
        assertThat(ClipTokenizer.read(copy, 77, 147).encode(text))
                .isEqualTo(tokenizer().encode(text));
    }

    @Test
    void caseSpacesAndCompositionDoNotMatter() throws IOException {
        var tokenizer = tokenizer();
        assertThat(ids(tokenizer, "  A \t RED\n\u00a0apple ")).isEqualTo(ids(tokenizer, "a red apple"));
        assertThat(ids(tokenizer, "e\u0301")).isEqualTo(ids(tokenizer, "\u00e9"));
    }

    @Test
    void digitsStandAloneAndSignsTogether() throws IOException {
        var tokenizer = tokenizer();
        assertThat(ids(tokenizer, "12")).containsExactly(131, 132); // "1</w>", "2</w>"
        assertThat(ids(tokenizer, "a, a.")).containsExactly(47, 51, 47, 140);
        assertThat(ids(tokenizer, "'s")).containsExactly(1, 124);
    }

    @Test
    void specialTokensOfTheTextAreThemselves() throws IOException {
        assertThat(ids(tokenizer(), "a<|endoftext|>a")).containsExactly(47, 146, 47);
        assertThat(ids(tokenizer(), "<|startoftext|>")).containsExactly(145);
    }

    @Test
    void bytesWithoutATokenAreUnknownAndNothingBreaks() throws IOException {
        var tokenizer = tokenizer();
        assertThat(ids(tokenizer, "\uD83D\uDE00")).containsOnly(146);
        assertThat(tokenizer.encode("\uD83D").ids().size()).isEqualTo(77); // half a character
        assertThat(tokenizer.encode("\u0000\uFFFF").ids().size()).isEqualTo(77);
        assertThat(tokenizer.encode("").tokens()).isZero();
        assertThat(tokenizer.encode("\u0130\u03A3").tokens()).isPositive();
    }

    @Test
    void whatIsBeyondTheLastPositionIsToldInItsOwnWords() throws IOException {
        String fits = "red ".repeat(75);
        assertThat(tokenizer().encode(fits).isCut()).isFalse();

        Prompt cut = tokenizer().encode(fits + "Apple, on a table");
        assertThat(cut.tokens()).isEqualTo(80);
        assertThat(cut.ids().get(76)).isEqualTo(146);
        assertThat(cut.ids().get(75)).isEqualTo(75);
        assertThat(cut.left()).isEqualTo("apple, on a table");
        assertThat(cut.warning("the prompt"))
                .isEqualTo("the prompt has 80 tokens and the model reads the first 75; it does not see: \"apple, on a"
                        + " table\". Say it shorter, or the most important first");
    }

    @Test
    void longestPromptsTakeNoLongTime() throws IOException {
        assertThat(tokenizer().encode("x".repeat(200_000)).isCut()).isTrue();
        assertThat(tokenizer().encode("!?".repeat(50_000)).isCut()).isTrue();
        assertThat(tokenizer().encode("<|endoftext|>".repeat(10_000)).isCut()).isTrue();
    }

    @Test
    void paddingIsWhatTheFilesSay() throws IOException {
        Path copy = copy();
        TinySd.edit(copy.resolve("special_tokens_map.json"), json -> json.put("pad_token", "!"));
        Prompt prompt = ClipTokenizer.read(copy, 77, 147).encode("red");
        assertThat(prompt.ids().slice(0, 5).toArray()).containsExactly(145, 75, 146, 0, 0);
        TinySd.edit(copy.resolve("special_tokens_map.json"), json -> json.putObject("pad_token")
                .put("content", "?"));
        assertThat(ClipTokenizer.read(copy, 77, 147).encode("red").ids().get(3)).isEqualTo(15);
    }

    @Test
    void missingOrForeignFilesAreRefusedWithWhatToDo() throws IOException {
        Path copy = copy();
        assertThatThrownBy(() -> ClipTokenizer.read(copy, 77, 146))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("a token with id 146 and the text encoder only 146");
        Files.writeString(copy.resolve("merges.txt"), "#version: 0.2\nl e</w>\nbroken\n");
        assertThatThrownBy(() -> ClipTokenizer.read(copy, 77, 147))
                .hasMessageContaining("merge 'broken' is not two tokens");
        Files.delete(copy.resolve("merges.txt"));
        Files.delete(copy.resolve("tokenizer.json"));
        assertThatThrownBy(() -> ClipTokenizer.read(copy, 77, 147))
                .hasMessageContaining("neither vocab.json with merges.txt nor tokenizer.json");
        Files.writeString(copy.resolve("merges.txt"), "");
        Files.writeString(copy.resolve("vocab.json"), "{\"a\": 1}");
        assertThatThrownBy(() -> ClipTokenizer.read(copy, 77, 147))
                .hasMessageContaining("the vocabulary has no token '<|startoftext|>'");
        Files.writeString(copy.resolve("vocab.json"), "{\"a\": -1}");
        assertThatThrownBy(() -> ClipTokenizer.read(copy, 77, 147)).isInstanceOf(ModelFormatException.class);
    }
}
