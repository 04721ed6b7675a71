package dev.troupe.image.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CanvasTest {
    private static final int MIDDLE = TinyEmoji.SIDE * TinyEmoji.SIDE / 2 + TinyEmoji.SIDE / 2;
    private static final Canvas RED = TinyEmoji.disc(new float[] {1, 0, 0}, 20);
    private static final Canvas BLUE = TinyEmoji.disc(new float[] {0, 0, 1}, 8);

    @Test
    void movingByNothingChangesNothing() {
        assertThat(RED.moved(1, 0, 0, false).distance(RED)).isCloseTo(0, within(1e-6));
    }

    @Test
    void movingTakesThePictureAlong() {
        Canvas moved = BLUE.moved(1, 10, 0, false);
        assertThat(moved.at(3, MIDDLE)).isZero();
        assertThat(moved.at(3, MIDDLE + 10)).isEqualTo(1);
    }

    @Test
    void shrinkingKeepsTheShareOfOpacity() {
        double before = opacity(RED);
        assertThat(opacity(RED.moved(0.5, 0, 0, false))).isCloseTo(before / 4, within(before / 100));
    }

    private static double opacity(Canvas canvas) {
        double sum = 0;
        for (int i = 0; i < TinyEmoji.SIDE * TinyEmoji.SIDE; i++) {
            sum += canvas.at(3, i);
        }
        return sum;
    }

    @Test
    void theUpperHidesTheLowerOnlyWhereItIs() {
        Canvas both = BLUE.over(RED);
        assertThat(both.at(2, MIDDLE)).isEqualTo(1);
        assertThat(both.at(0, MIDDLE)).isZero();
        assertThat(both.at(0, MIDDLE + 15)).isEqualTo(1);
    }

    @Test
    void coloursGoOnWhereNothingIsSeen() {
        float[] straight = RED.straight();
        int places = TinyEmoji.SIDE * TinyEmoji.SIDE;
        assertThat(straight[3 * places]).as("opacity in a corner").isEqualTo(-1);
        assertThat(straight[0]).as("red in a corner").isGreaterThan(0.9f);
        assertThat(straight[2 * places]).as("blue in a corner").isLessThan(-0.9f);
    }

    @Test
    void straightColoursComeBackAsTheyWere() {
        assertThat(Canvas.ofStraight(TinyEmoji.SIDE, RED.straight()).distance(RED))
                .isCloseTo(0, within(1e-6));
    }
}
