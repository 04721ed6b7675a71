package dev.troupe.image.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MeasuresTest {
    private static final List<Emoji> EMOJI = TinyEmoji.some();

    @Test
    void theBaselineFindsByNameAndRecolours() {
        Canvas found = baseline("purple box");
        assertThat(Colour.dominant(found).orElseThrow().colour()).isEqualTo(Colour.PURPLE);
        assertThat(found.at(3, 32 * 64 + 32 + 11)).as("as large as the box").isEqualTo(1);
        assertThat(found.at(3, 32 * 64 + 32 + 15)).isZero();
    }

    @Test
    void theBaselinePutsTwoTogether() {
        assertThat(baseline("red ball with blue box").distance(baseline("red ball")))
                .isPositive();
    }

    private static Canvas baseline(String text) {
        var question = new Measures.Question(text, EMOJI.get(0), Optional.empty(), Optional.empty());
        return Measures.baseline(EMOJI).make(List.of(question), 0).get(0);
    }
}
