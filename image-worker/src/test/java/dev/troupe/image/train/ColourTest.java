package dev.troupe.image.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.cluster.picture.Lab;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ColourTest {
    /** The red of sRGB, as Lindbloom's calculator gives it. */
    @Test
    void redOfTheScreenIsWhereItsTablesSay() {
        Lab red = Lab.ofSrgb(new float[] {1, 0, 0});
        assertThat(red.lightness()).isCloseTo(53.24, within(0.01));
        assertThat(red.a()).isCloseTo(80.09, within(0.02));
        assertThat(red.b()).isCloseTo(67.20, within(0.02));
    }

    @Property(tries = 200)
    void thereAndBackIsTheSameColour(
            @ForAll @FloatRange(max = 1) float red,
            @ForAll @FloatRange(max = 1) float green,
            @ForAll @FloatRange(max = 1) float blue) {
        var rgb = new float[] {red, green, blue};
        Lab.ofSrgb(rgb).toSrgb(rgb);
        assertThat(rgb[0]).isCloseTo(red, within(1e-3f));
        assertThat(rgb[1]).isCloseTo(green, within(1e-3f));
        assertThat(rgb[2]).isCloseTo(blue, within(1e-3f));
    }

    @ParameterizedTest
    @EnumSource(Colour.class)
    void aPictureInAColourIsSeenInIt(Colour colour) {
        assertThat(seen(TinyEmoji.disc(colour, 20))).isEqualTo(colour);
    }

    @ParameterizedTest
    @EnumSource(Colour.class)
    void whatIsPaintedIsSeenInTheColour(Colour colour) {
        assertThat(seen(colour.paint(TinyEmoji.disc(Colour.ORANGE, 20)))).isEqualTo(colour);
    }

    @ParameterizedTest
    @EnumSource(Colour.class)
    void whatIsGreyIsTinted(Colour colour) {
        Canvas grey = TinyEmoji.disc(new float[] {0.5f, 0.5f, 0.5f}, 20);
        assertThat(Colour.dominant(grey)).isEmpty();
        assertThat(seen(colour.paint(grey))).isEqualTo(colour);
    }

    private static Colour seen(Canvas picture) {
        return Colour.dominant(picture).orElseThrow().colour();
    }
}
