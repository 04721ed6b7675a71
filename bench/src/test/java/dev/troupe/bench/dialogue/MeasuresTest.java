package dev.troupe.bench.dialogue;

import static dev.troupe.bench.dialogue.Drawn.NONE;
import static dev.troupe.bench.dialogue.Drawn.disc;
import static dev.troupe.bench.dialogue.Drawn.image;
import static dev.troupe.bench.dialogue.Drawn.raster;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.bench.BenchException;
import java.awt.Color;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeasuresTest {
    @ParameterizedTest
    @CsvSource({
        "e53935,red",
        "1e88e5,blue",
        "0d47a1,blue",
        "43a047,green",
        "fdd835,yellow",
        "8e24aa,purple",
        "fb8c00,orange",
        "fafafa,white",
        "202020,black"
    })
    void theColourOfADiscIsItsFillOnWhateverItStands(String fill, String colour) {
        Color color = new Color(Integer.parseInt(fill, 16));

        assertThat(Measures.colour(raster(disc(64, NONE, color, 24)))).hasValue(colour);
        assertThat(Measures.colour(raster(disc(64, new Color(0x7fb0c0), color, 24))))
                .hasValue(colour);
    }

    @Test
    void aColouredPartCountsMoreThanWhiteAndBlackAroundIt() {
        Raster panda = raster(image(64, NONE, graphics -> {
            graphics.setColor(Color.WHITE);
            graphics.fillRect(8, 8, 48, 48);
            graphics.setColor(Color.BLUE);
            graphics.fillRect(8, 8, 48, 16);
        }));

        assertThat(Measures.colour(panda)).hasValue("blue");
    }

    @Test
    void theBackgroundIsToldFromTheDisc() {
        assertThat(Measures.background(raster(disc(64, new Color(0xe02020), Color.YELLOW, 24))))
                .hasValue("red");
        assertThat(Measures.background(raster(disc(64, NONE, Color.YELLOW, 24))))
                .hasValue("transparent");
    }

    @Test
    void aRecolouredDiscOverlapsWholly() {
        Raster red = raster(disc(64, NONE, Color.RED, 24));
        Raster blue = raster(disc(64, NONE, Color.BLUE, 24));

        assertThat(Measures.overlap(red, blue)).isEqualTo(1);
        assertThat(Measures.changed(red, blue)).isCloseTo(Math.PI * 24 * 24 / (64 * 64), within(0.06));
    }

    @Test
    void discsOfHalfTheRadiusOverlapByAQuarter() {
        Raster large = raster(disc(128, NONE, Color.RED, 48));
        Raster small = raster(disc(128, NONE, Color.RED, 24));

        assertThat(Measures.overlap(large, small)).isCloseTo(0.25, within(0.02));
        assertThat(Measures.share(large)).isGreaterThan(3.5 * Measures.share(small));
    }

    @Test
    void whatIsApartDoesNotOverlap() {
        Raster left = raster(image(64, Color.WHITE, graphics -> {
            graphics.setColor(Color.RED);
            graphics.fillRect(4, 4, 20, 50);
        }));
        Raster right = raster(image(64, Color.WHITE, graphics -> {
            graphics.setColor(Color.RED);
            graphics.fillRect(40, 4, 20, 50);
        }));

        assertThat(Measures.overlap(left, right)).isZero();
        assertThat(Measures.changed(left, right)).isCloseTo(2 * 20 * 50 / 4096.0, within(0.001));
    }

    @Test
    void anAddedHatIsItsArea() {
        Raster bare = raster(disc(100, Color.WHITE, Color.YELLOW, 30));
        Raster hatted = raster(image(100, Color.WHITE, graphics -> {
            graphics.drawImage(disc(100, Color.WHITE, Color.YELLOW, 30), 0, 0, null);
            graphics.setColor(Color.GREEN);
            graphics.fillRect(40, 0, 20, 10);
        }));

        assertThat(Measures.changed(bare, hatted)).isCloseTo(0.02, within(0.001));
        assertThat(Measures.changed(bare, bare)).isZero();
    }

    @Test
    void blankAndTransparentPicturesHaveNoColourAndDivideByNothing() {
        Raster blank = raster(image(32, Color.WHITE, graphics -> {}));
        Raster transparent = raster(image(32, NONE, graphics -> {}));

        assertThat(Measures.colour(blank)).isEmpty();
        assertThat(Measures.colour(transparent)).isEmpty();
        assertThat(Measures.background(blank)).hasValue("white");
        assertThat(Measures.background(transparent)).hasValue("transparent");
        assertThat(Measures.overlap(blank, raster(disc(32, Color.WHITE, Color.RED, 10))))
                .isZero();
        assertThat(Measures.share(transparent)).isZero();
    }

    @Test
    void picturesOfOtherSizesAreScaledFirst() {
        Raster small = raster(disc(64, NONE, Color.RED, 24));
        Raster large = raster(disc(128, NONE, Color.RED, 48));

        assertThat(Measures.overlap(small, large)).isGreaterThan(0.95);
        assertThat(Measures.overlap(large, small)).isGreaterThan(0.95);
        assertThat(Measures.overlap(small, raster(image(1, Color.RED, graphics -> {}))))
                .isBetween(0.0, 1.0);
    }

    @Test
    void whatIsNoPictureIsRefusedInOneLine() {
        String text = Base64.getEncoder().encodeToString("<html>".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> Raster.of(text))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("no PNG or JPEG");
    }
}
