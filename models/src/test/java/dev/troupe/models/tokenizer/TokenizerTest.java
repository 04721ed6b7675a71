package dev.troupe.models.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTest {
    @TempDir
    Path directory;

    @Test
    void byteLevelMergesInOrder() throws IOException {
        Tokenizer tokenizer = TinyText.tokenizer(directory, TinyText.byteLevel());

        assertThat(tokenizer.encode("abc ab", true)).containsExactly(TinyText.ABC, ' ', TinyText.AB);
        assertThat(tokenizer.encode("", true)).isEmpty();
    }

    @Test
    void specialTokenIsParsedOnlyWhenAsked() throws IOException {
        Tokenizer tokenizer = TinyText.tokenizer(directory, TinyText.byteLevel());
        String text = "a<|im_end|>";

        assertThat(tokenizer.encode(text, true)).containsExactly('a', TinyText.IM_END);
        assertThat(tokenizer.encode(text, false))
                .containsExactly(text.chars().toArray())
                .doesNotContain(TinyText.IM_END);
    }

    @Test
    void userDefinedTokenIsFoundEitherWay() throws IOException {
        Tokenizer tokenizer = TinyText.tokenizer(directory, TinyText.byteLevel());

        assertThat(tokenizer.encode("<tool>", true)).containsExactly(TinyText.TOOL);
        assertThat(tokenizer.encode("<tool>", false)).containsExactly(TinyText.TOOL);
        assertThat(tokenizer.isSpecial(TinyText.TOOL)).isFalse();
    }

    @Test
    void decodeLeavesOutSpecialTokensAndReplacesBrokenBytes() throws IOException {
        Tokenizer tokenizer = TinyText.tokenizer(directory, TinyText.byteLevel());

        assertThat(tokenizer.decode(new int[] {TinyText.IM_START, TinyText.ABC, 0xC3, 0xA9, 0xE2, TinyText.IM_END}))
                .isEqualTo("abcé\uFFFD");
    }

    @Test
    void tokenBytesAreExactForEveryByte() throws IOException {
        Tokenizer tokenizer = TinyText.tokenizer(directory, TinyText.byteLevel());

        for (int b = 0; b < 256; b++) {
            assertThat(tokenizer.tokenBytes(b)).containsExactly(b);
        }
        assertThat(tokenizer.tokenBytes(TinyText.IM_END))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("<|im_end|>");
        assertThat(tokenizer.vocabSize()).isEqualTo(261);
    }

    @Test
    void idOutsideTheVocabularyIsRefused() throws IOException {
        Tokenizer tokenizer = TinyText.tokenizer(directory, TinyText.byteLevel());

        for (int id : new int[] {-1, 261, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> tokenizer.tokenBytes(id))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(id + " is outside the vocabulary of 261");
            assertThatThrownBy(() -> tokenizer.isSpecial(id)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> tokenizer.decode(new int[] {id})).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void loneSurrogateAndNulAreTakenAsText() throws IOException {
        Tokenizer tokenizer = TinyText.tokenizer(directory, TinyText.byteLevel());

        assertThat(tokenizer.decode(tokenizer.encode("x\uD83D\0y\uDE42 \uD83D\uDE42", false)))
                .isEqualTo("x\uFFFD\0y\uFFFD \uD83D\uDE42");
    }

    @Test
    void sentencePieceMergesByScoreAndFallsBackToBytes() throws IOException {
        Tokenizer tokenizer = TinyText.tokenizer(directory, TinyText.sentencePiece());

        assertThat(tokenizer.encode("hello", true)).containsExactly(14, 12);
        assertThat(tokenizer.encodePrompt("hello")).containsExactly(0, 14, 12);
        assertThat(tokenizer.encode("hé", true)).containsExactly(14, 3, 4);
        assertThat(tokenizer.encode("e  e", true)).containsExactly(5, 7, 15, 5, 7);
    }

    @Test
    void sentencePieceDecodeDropsTheSpaceThatEncodingAdded() throws IOException {
        Tokenizer tokenizer = TinyText.tokenizer(directory, TinyText.sentencePiece());

        assertThat(tokenizer.decode(tokenizer.encodePrompt("hello h é"))).isEqualTo("hello h é");
        assertThat(tokenizer.tokenBytes(14)).asString(StandardCharsets.UTF_8).isEqualTo(" h");
        assertThat(tokenizer.tokenBytes(3)).containsExactly(0xC3);
    }

    @Test
    void sentencePieceWithoutSpacePrefixLeavesTheTextAsItIs() throws IOException {
        Tokenizer tokenizer =
                TinyText.tokenizer(directory, TinyText.sentencePiece().put("tokenizer.ggml.add_space_prefix", false));

        assertThat(tokenizer.encode("hello", true)).containsExactly(6, 12);
        assertThat(tokenizer.decode(new int[] {14, 12})).isEqualTo(" hello");
    }

    @Test
    void bosIsAddedToAPromptOnlyWhereTheFileSaysSo() throws IOException {
        Tokenizer without = TinyText.tokenizer(directory, TinyText.byteLevel());
        Tokenizer with = TinyText.tokenizer(directory, TinyText.byteLevel().put("tokenizer.ggml.add_bos_token", true));

        assertThat(without.encodePrompt("ab")).containsExactly(TinyText.AB);
        assertThat(with.encodePrompt("ab")).containsExactly(TinyText.IM_START, TinyText.AB);
        assertThat(with.encode("ab", true)).containsExactly(TinyText.AB);
    }

    @Test
    void manyThreadsAgree() throws Exception {
        Tokenizer tokenizer = TinyText.tokenizer(directory, TinyText.byteLevel());
        String text = "abc ab <|im_end|> 123 ".repeat(50);
        int[] expected = tokenizer.encode(text, false);
        var threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<int[]>> tasks = IntStream.range(0, 64)
                    .<Callable<int[]>>mapToObj(i -> () -> tokenizer.encode(text, false))
                    .toList();
            for (Future<int[]> result : threads.invokeAll(tasks)) {
                assertThat(result.get()).containsExactly(expected);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
