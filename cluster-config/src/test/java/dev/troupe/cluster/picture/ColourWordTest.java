package dev.troupe.cluster.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColourWordTest {
    /** Values as tables of sRGB under D65 give them. */
    @ParameterizedTest
    @CsvSource({
        "ffffff,100,0,0",
        "000000,0,0,0",
        "ff0000,53.24,80.09,67.20",
        "00ff00,87.73,-86.18,83.18",
        "0000ff,32.30,79.19,-107.86"
    })
    void labIsThatOfTheTables(String rgb, double lightness, double a, double b) {
        Lab lab = Lab.ofSrgb(Integer.parseInt(rgb, 16));

        assertThat(lab.lightness()).isCloseTo(lightness, within(0.02));
        assertThat(lab.a()).isCloseTo(a, within(0.02));
        assertThat(lab.b()).isCloseTo(b, within(0.02));
    }

    @ParameterizedTest
    @CsvSource({
        "e53935,red",
        "fb8c00,orange",
        "fdd835,yellow",
        "43a047,green",
        "1e88e5,blue",
        "8e24aa,purple",
        "6d4c41,brown",
        "212121,black",
        "f5f5f5,white",
        "9e9e9e,gray",
        "f06292,pink",
        "0d47a1,blue",
        "1b5e20,green",
        "0000ff,blue",
        "ff0000,red",
        "00ff00,green"
    })
    void coloursThatAreNobodysExampleAreCalledWhatPeopleCallThem(String rgb, String family) {
        assertThat(ColourWord.nearest(Lab.ofSrgb(Integer.parseInt(rgb, 16))).family())
                .isEqualTo(family);
    }

    @Test
    void everyWordIsItsOwnNearestOrOneOfItsColour() {
        ColourWord.all().values().forEach(word -> assertThat(
                        ColourWord.nearest(word.lab()).lab())
                .isEqualTo(word.lab()));
    }

    @Test
    void crimsonIsRedAndAWordThatIsNoColourIsNone() {
        assertThat(ColourWord.of("crimson")).map(ColourWord::family).hasValue("red");
        assertThat(ColourWord.of("castle")).isEmpty();
    }
}
