package dev.troupe.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.image.schedule.Noise;
import dev.troupe.image.schedule.Sampler;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pictures that start from a picture: properties, since there are no goldens for them. */
class SourceTest {
    private static final int SIDE = TinySd.SIDE;
    private static final Picture PICTURE = TinySd.picture();
    private static ImageModel model;
    private static Denoiser denoiser;

    @BeforeAll
    static void load() {
        model = TinySd.load();
        denoiser = new Denoiser(model, 8, 8);
    }

    @AfterAll
    static void close() {
        denoiser.close();
    }

    private static ImageRequest request(Sampler sampler, double strength, Mask mask) {
        var source = new ImageRequest.Source(PICTURE, strength, Optional.ofNullable(mask));
        return new ImageRequest("a red apple", "", SIDE, SIDE, 10, 3, 5, sampler, Optional.of(source));
    }

    private static Mask mask(float left, float right) {
        var values = new float[SIDE * SIDE];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % SIDE < SIDE / 2 ? left : right;
        }
        return new Mask(SIDE, SIDE, values);
    }

    private static Picture make(ImageRequest request) {
        denoiser.join("p", "t", request);
        while (!denoiser.progress("p").isDone()) {
            denoiser.step(List.of("p"));
        }
        return denoiser.finish("p");
    }

    private static double distance(Picture one, Picture other) {
        double sum = 0;
        float[] a = one.values();
        float[] b = other.values();
        for (int i = 0; i < a.length; i++) {
            sum += Math.pow(a[i] - b[i], 2) / a.length;
        }
        return Math.sqrt(sum);
    }

    private static Picture coded() {
        return model.decode(model.latents(SIDE, SIDE), model.encode(PICTURE));
    }

    @ParameterizedTest
    @EnumSource
    void noStrengthGivesThePictureBack(Sampler sampler) {
        assertThat(make(request(sampler, 0, null))).isEqualTo(PICTURE);
        assertThat(make(request(sampler, 0, mask(1, 1)))).isEqualTo(PICTURE);
        assertThat(make(request(sampler, 0.09, null))).isEqualTo(PICTURE); // less than a step of ten
    }

    @ParameterizedTest
    @EnumSource
    void moreStrengthTakesMoreStepsAndLeadsFurtherAway(Sampler sampler) {
        denoiser.join("some", "t", request(sampler, 0.3, null));
        assertThat(denoiser.progress("some").of()).isEqualTo(3);
        denoiser.cancel("some");

        double little = distance(make(request(sampler, 0.1, null)), coded());
        double much = distance(make(request(sampler, 1, null)), coded());
        assertThat(little).isPositive().isLessThan(much);
    }

    @ParameterizedTest
    @EnumSource
    void pictureBeginsAsTheSourceWithTheNoiseOfItsFirstStep(Sampler sampler) {
        ImageRequest request = request(sampler, 0.5, null);
        denoiser.join("p", "t", request);
        float[] latents = denoiser.state("p").latents();
        denoiser.cancel("p");

        var first = sampler.plan(model.noise(), 10, 5).steps().get(0);
        float[] clean = model.encode(PICTURE);
        float[] noise = Noise.unit(5, Noise.INITIAL, clean.length);
        for (int i = 0; i < clean.length; i++) {
            clean[i] = (float) (first.signal() * clean[i] + first.spread() * noise[i]);
        }
        assertThat(TinySd.distance(latents, clean)).isLessThan(1e-4);
    }

    @ParameterizedTest
    @EnumSource
    void maskOfZerosLeavesThePicture(Sampler sampler) {
        denoiser.join("p", "t", request(sampler, 0.8, mask(0, 0)));
        while (!denoiser.progress("p").isDone()) {
            denoiser.step(List.of("p"));
        }
        assertThat(TinySd.distance(denoiser.state("p").latents(), model.encode(PICTURE)))
                .isLessThan(1e-6);
        assertThat(denoiser.finish("p")).isEqualTo(PICTURE);
    }

    @ParameterizedTest
    @EnumSource
    void maskOfOnesIsNoMask(Sampler sampler) {
        Picture masked = make(request(sampler, 0.8, mask(1, 1)));
        assertThat(TinySd.distance(
                        masked.values(), make(request(sampler, 0.8, null)).values()))
                .isLessThan(1e-6);
    }

    @ParameterizedTest
    @EnumSource
    void onlyWhatIsUnderTheMaskChanges(Sampler sampler) {
        for (double strength : new double[] {0.8, 1}) {
            float[] values = make(request(sampler, strength, mask(1, 0))).values();
            float[] before = PICTURE.values();
            double changed = 0;
            for (int i = 0; i < values.length; i++) {
                if (i % SIDE < SIDE / 2) {
                    changed = Math.max(changed, Math.abs(values[i] - before[i]));
                } else {
                    assertThat(values[i]).isEqualTo(before[i]);
                }
            }
            assertThat(changed).isGreaterThan(0.05);
        }
    }

    /** At full strength the hole is filled from nothing but noise: the source under it leaves no trace. */
    @Test
    void fullStrengthForgetsWhatIsUnderTheMask() {
        float[] other = PICTURE.values();
        for (int i = 0; i < other.length; i++) {
            if (i % SIDE < SIDE / 2) {
                other[i] = 0;
            }
        }
        var source = new ImageRequest.Source(new Picture(3, SIDE, SIDE, other), 1, Optional.of(mask(1, 1)));
        var request = new ImageRequest("a red apple", "", SIDE, SIDE, 10, 3, 5, Sampler.EULER, Optional.of(source));
        assertThat(make(request)).isEqualTo(make(request(Sampler.EULER, 1, mask(1, 1))));
    }

    @Test
    void previewKeepsWhatMayNotChange() {
        denoiser.join("p", "t", request(Sampler.DDIM, 0.8, mask(1, 0)));
        denoiser.step(List.of("p"));
        float[] preview = denoiser.preview("p").values();
        denoiser.cancel("p");
        float[] before = PICTURE.values();
        for (int i = 0; i < preview.length; i++) {
            if (i % SIDE >= SIDE / 2) {
                assertThat(preview[i]).isEqualTo(before[i]);
            }
        }
    }

    @Test
    void sourceOfOtherChannelsIsRefusedAndLeavesNothing() {
        var clear = new Picture(4, SIDE, SIDE, new float[4 * SIDE * SIDE]);
        var source = new ImageRequest.Source(clear, 0.5, Optional.empty());
        var request = new ImageRequest("a", "", SIDE, SIDE, 10, 3, 5, Sampler.DDIM, Optional.of(source));
        assertThatThrownBy(() -> denoiser.join("p", "t", request))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3 channels");
        assertThat(denoiser.size()).isZero();
    }

    @Test
    void picturesAndMasksCannotBeChangedFromOutside() {
        var values = new float[3];
        var picture = new Picture(3, 1, 1, values);
        values[0] = 1;
        picture.values()[1] = 1;
        assertThat(picture.values()).containsExactly(0, 0, 0);
        var at = new float[] {1};
        var mask = new Mask(1, 1, at);
        Arrays.fill(at, 0);
        assertThat(mask.at(0)).isEqualTo(1);
    }
}
