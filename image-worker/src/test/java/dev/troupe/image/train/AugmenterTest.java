package dev.troupe.image.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AugmenterTest {
    private static final List<Emoji> EMOJI = TinyEmoji.some();
    private static final Augmenter AUGMENTER = new Augmenter(EMOJI, 7, Augmenter.Mixture.FULL);

    @Test
    void theSameNumberIsTheSameSample() {
        for (int i = 0; i < 40; i++) {
            Sample once = AUGMENTER.sample(i);
            Sample again = new Augmenter(EMOJI, 7, Augmenter.Mixture.FULL).sample(i);
            assertThat(again.caption()).isEqualTo(once.caption());
            assertThat(again.picture().distance(once.picture())).isZero();
        }
    }

    @Test
    void anotherSeedMakesOtherSamples() {
        var other = new Augmenter(EMOJI, 8, Augmenter.Mixture.FULL);
        assertThat(IntStream.range(0, 40).filter(i -> other.sample(i)
                        .caption()
                        .equals(AUGMENTER.sample(i).caption())))
                .hasSizeLessThan(40);
    }

    @Test
    void aRoundShowsEveryEmojiOnce() {
        var plain = new Augmenter(EMOJI, 7, new Augmenter.Mixture(0, 0, 0, 0));
        for (int round = 0; round < 5; round++) {
            var seen = new HashSet<Canvas>();
            for (int i = 0; i < EMOJI.size(); i++) {
                seen.add(plain.sample((long) round * EMOJI.size() + i).picture());
            }
            assertThat(seen).hasSize(EMOJI.size());
        }
    }

    @Test
    void someButFewPairsAreHeldOut() {
        int heldOut = 0;
        for (int i = 0; i < 1000; i++) {
            Emoji one = new Emoji(i, "x", List.of("x"), "", EMOJI.get(0).picture());
            for (Colour colour : Colour.values()) {
                heldOut += Augmenter.isHeldOut(one, colour) ? 1 : 0;
            }
        }
        assertThat(heldOut / 8000.0).isBetween(0.12, 0.18);
    }

    @Test
    void aHeldOutPairIsInNoCaption() {
        var coloured = new Augmenter(EMOJI, 7, new Augmenter.Mixture(1, 0, 0, 0));
        for (int i = 0; i < 400; i++) {
            String caption = coloured.sample(i).caption();
            for (Emoji one : EMOJI) {
                for (Colour colour : Colour.values()) {
                    boolean own = one.name().startsWith(colour.word());
                    if (!own && Augmenter.isHeldOut(one, colour)) {
                        assertThat(caption).doesNotContain(Augmenter.caption(colour, one.name()));
                    }
                }
            }
        }
    }

    @Test
    void theColourOfANameGivesWayToTheColourAskedFor() {
        assertThat(Augmenter.caption(Colour.GREEN, "red apple")).isEqualTo("green apple");
        assertThat(Augmenter.caption(Colour.GREEN, "grapes")).isEqualTo("green grapes");
    }
}
