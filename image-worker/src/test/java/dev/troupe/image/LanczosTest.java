package dev.troupe.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LanczosTest {
    @Test
    void flatStaysFlatAndTheSameSizeIsTheSamePicture() {
        var values = new float[3 * 5 * 7];
        Arrays.fill(values, 0.3f);
        Picture flat = new Picture(3, 5, 7, values);

        assertThat(Lanczos.scale(flat, 7, 5)).isSameAs(flat);
        for (int[] size : new int[][] {{14, 10}, {3, 2}, {64, 1}}) {
            Picture scaled = Lanczos.scale(flat, size[0], size[1]);
            assertThat(scaled.width()).isEqualTo(size[0]);
            assertThat(scaled.height()).isEqualTo(size[1]);
            for (float value : scaled.values()) {
                assertThat(value).isBetween(0.2999f, 0.3001f);
            }
        }
    }

    @Test
    void smoothGoesUpAndDownAgain() {
        int side = 32;
        var values = new float[3 * side * side];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (0.5 + 0.3 * Math.sin(i % side * 0.3) * Math.cos(i / side % side * 0.2));
        }
        Picture smooth = new Picture(3, side, side, values);

        Picture back = Lanczos.scale(Lanczos.scale(smooth, 8 * side, 8 * side), side, side);

        float[] again = back.values();
        for (int i = 0; i < values.length; i++) {
            assertThat(again[i]).isBetween(values[i] - 0.01f, values[i] + 0.01f);
        }
    }

    @Test
    void whatIsInvisibleLeavesNoFringe() {
        // White that is seen beside black that is not.
        int side = 8;
        var values = new float[4 * side * side];
        for (int i = 0; i < side * side; i++) {
            boolean seen = i % side < side / 2;
            for (int channel = 0; channel < 4; channel++) {
                values[channel * side * side + i] = seen ? 1 : 0;
            }
        }
        Picture scaled = Lanczos.scale(new Picture(4, side, side, values), 4 * side, 4 * side);

        float[] out = scaled.values();
        int area = 16 * side * side;
        for (int i = 0; i < area; i++) {
            if (out[3 * area + i] > 0.05) {
                assertThat(out[i]).as("colour where it is seen").isGreaterThan(0.98f);
            }
        }
    }

    @Test
    void maskIsScaledWithinItsRange() {
        Mask half = new Mask(1, 4, new float[] {0, 0, 1, 1});

        Mask wide = Lanczos.scale(half, 16, 2);

        assertThat(wide.at(0)).isZero();
        assertThat(wide.at(15)).isEqualTo(1);
        assertThat(wide.at(7)).isBetween(0.1f, 0.9f);
    }
}
