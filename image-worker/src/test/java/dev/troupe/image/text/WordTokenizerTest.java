package dev.troupe.image.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.models.ModelFormatException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordTokenizerTest {
    private static final int PARTS = 6;
    private static final WordTokenizer TOKENIZER = new WordTokenizer(List.of("red", "apple"), 64, 4, PARTS);

    private static long[] place(String text, int place) {
        return Arrays.copyOfRange(TOKENIZER.encode(text).ids(), place * PARTS, (place + 1) * PARTS);
    }

    @Test
    void aKnownWordIsItselfAndItsRuns() {
        long[] red = place("Red!", 1);
        assertThat(red[0]).isEqualTo(3);
        assertThat(Arrays.stream(red, 1, 4)).allMatch(id -> id >= 5 && id < 64); // <re, red, ed>
        assertThat(Arrays.copyOfRange(red, 4, PARTS)).containsOnly(0);
    }

    @Test
    void anUnknownWordIsItsRunsAndSharesThoseOfItsLike() {
        assertThat(place("redder", 1)[0]).isEqualTo(place("red", 1)[1]);
    }

    @Test
    void beginComesFirstAndEmptyPlacesLast() {
        assertThat(place("red", 0)[0]).isEqualTo(1);
        assertThat(place("red", 2)).containsExactly(2, 0, 0, 0, 0, 0);
        assertThat(place("", 1)).containsExactly(2, 0, 0, 0, 0, 0);
    }

    @Test
    void articlesTakeNoPlace() {
        assertThat(TOKENIZER.encode("a red apple").ids())
                .containsExactly(TOKENIZER.encode("the RED, an apple").ids());
    }

    @Test
    void whatDoesNotFitIsSaid() {
        var words = TOKENIZER.encode("one red apple and a pear");
        assertThat(words.left()).isEqualTo("and a pear");
        assertThat(words.words()).isEqualTo(5);
        assertThat(words.warning("the prompt", TOKENIZER.most())).contains("reads the first 3", "\"and a pear\"");
    }

    @Test
    void aLongWordIsCutToItsParts() {
        assertThat(place("extraordinarily", 1)).doesNotContain(0);
    }

    @Test
    void aFolderWithoutItsListIsRefused(@TempDir Path folder) {
        assertThatThrownBy(() -> WordTokenizer.read(folder, 64, 4, PARTS))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("words.txt");
    }
}
