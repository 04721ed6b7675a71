package dev.troupe.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.device.DeviceException;
import dev.troupe.image.schedule.Noise;
import dev.troupe.image.schedule.Sampler;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The account of pictures, on a model that is a line of arithmetic. */
class DenoiserTest {
    private final FakeModel model = new FakeModel();
    private final Denoiser denoiser = new Denoiser(model, 4, 3);

    private static ImageRequest request(String prompt, int side, int steps, double guidance) {
        return new ImageRequest(prompt, "no", side, side, steps, guidance, 1, Sampler.EULER, Optional.empty());
    }

    private void join(String id, ImageRequest request) {
        denoiser.join(id, "tenant", request);
    }

    @Test
    void picturesEndEachAfterTheirOwnSteps() {
        join("two", request("a", 8, 2, 1));
        join("three", request("ab", 8, 3, 1));
        assertThat(denoiser.step(List.of("two", "three")))
                .extracting(Denoiser.Progress::id, Denoiser.Progress::done, Denoiser.Progress::of)
                .containsExactly(tuple("two", 1, 2), tuple("three", 1, 3));
        assertThat(denoiser.step(List.of("three", "two")).get(1).isDone()).isTrue();
        assertThat(denoiser.finish("two").width()).isEqualTo(8);
        assertThat(denoiser.step(List.of("three")).get(0).isDone()).isTrue();
        assertThat(denoiser.size()).isEqualTo(1);
    }

    @Test
    void onlyThePicturesThatAreNamedMove() {
        join("a", request("a", 8, 5, 1));
        join("b", request("b", 8, 5, 1));
        LatentState before = denoiser.state("b");
        denoiser.step(List.of("a"));
        assertThat(denoiser.state("b")).isEqualTo(before);
        assertThat(denoiser.progress("a").done()).isEqualTo(1);
    }

    @Test
    void guidedPicturesTakeTwoRowsAndPassesTakeNoMoreThanTheyMay() {
        for (String id : List.of("a", "b", "c")) {
            join(id, request(id, 8, 5, 7));
        }
        join("plain", request("plain", 8, 5, 1));
        join("small", request("small", 4, 5, 1));
        denoiser.step(List.of("a", "b", "c", "plain", "small"));
        assertThat(model.passes).containsExactly(4, 3, 1);
        model.passes.clear();
        denoiser.step(List.of("a", "a", "plain"));
        assertThat(model.passes).containsExactly(3);
        assertThat(denoiser.progress("a").done()).isEqualTo(2);
    }

    /** The fake's answer is the estimate: half the input and the text's length. */
    @Test
    void guidanceGoesFromTheNegativePromptBeyondThePrompt() {
        join("plain", request("abcde", 8, 5, 1));
        join("guided", request("abcde", 8, 5, 3));
        denoiser.step(List.of("plain", "guided"));
        float plain = denoiser.state("plain").estimate()[0]; // x / 2 + 5
        float guided = denoiser.state("guided").estimate()[0]; // x / 2 + 2 + 3 * (5 - 2)
        assertThat(guided - plain).isCloseTo(6, within(1e-5f));
    }

    /** What a step has added, once its share of latents and estimate is taken off, is the unit noise of its number on the whole way. */
    @ParameterizedTest
    @CsvSource({"EULER_A, 0", "EULER_A, 4", "LCM, 0", "LCM, 4"})
    void everyStepAddsTheNoiseOfItsOwnNumber(Sampler sampler, int skipped) {
        var picture = new Picture(3, 8, 8, new float[192]);
        var source = new ImageRequest.Source(picture, 1 - skipped / 10.0, Optional.empty());
        join("p", new ImageRequest("a", "", 8, 8, 10, 1, 77, sampler, Optional.of(source)));
        var plan = sampler.plan(model.noise(), 10, skipped);
        for (int i = 0; i + 1 < plan.size(); i++) {
            float[] before = denoiser.state("p").latents();
            denoiser.step(List.of("p"));
            LatentState after = denoiser.state("p");
            var step = plan.steps().get(i);
            var added = new float[before.length];
            for (int j = 0; j < added.length; j++) {
                double known = step.keep() * before[j] + step.clean() * after.estimate()[j];
                added[j] = (float) ((after.latents()[j] - known) / step.fresh());
            }
            assertThat(TinySd.distance(added, Noise.unit(77, skipped + i, added.length)))
                    .as("step %d", i)
                    .isLessThan(1e-3);
        }
    }

    @Test
    void textsAreReadOnceForEachOwner() {
        join("a", request("cat", 8, 5, 7));
        join("b", request("cat", 8, 5, 7));
        assertThat(model.read).containsExactly("cat", "no");
        denoiser.join("c", "other", request("cat", 8, 5, 1));
        assertThat(model.read).containsExactly("cat", "no", "cat");
    }

    @Test
    void textsUnusedForLongestAreForgotten() {
        join("a", request("one", 8, 5, 1));
        join("b", request("two", 8, 5, 1));
        join("c", request("one", 8, 5, 1));
        join("d", request("three", 8, 5, 1));
        join("e", request("four", 8, 5, 1)); // the cache holds three
        join("f", request("one", 8, 5, 1));
        join("g", request("two", 8, 5, 1));
        assertThat(model.read).containsExactly("one", "two", "three", "four", "two");
    }

    @Test
    void textsThatDoNotFitAreTold() {
        var request = new ImageRequest(
                "a prompt of many words", "a list of many words", 8, 8, 5, 7, 1, Sampler.DDIM, Optional.empty());
        assertThat(denoiser.join("a", "t", request)).containsExactly("the prompt is long");
        var both = new ImageRequest(
                "a prompt of many words", "a long list of many words", 8, 8, 5, 7, 1, Sampler.DDIM, Optional.empty());
        assertThat(denoiser.join("b", "t", both)).containsExactly("the prompt is long", "the negative prompt is long");
        var unguided =
                new ImageRequest("a", "a long list of many words", 8, 8, 5, 1, 1, Sampler.DDIM, Optional.empty());
        assertThat(denoiser.join("c", "t", unguided)).isEmpty();
    }

    @Test
    void cancelledPictureIsGoneBetweenTwoStepsAndItsNeighbourGoesOn() {
        join("a", request("a", 8, 5, 1));
        join("b", request("b", 8, 5, 1));
        denoiser.step(List.of("a", "b"));
        assertThat(denoiser.cancel("a")).isTrue();
        assertThat(denoiser.cancel("a")).isFalse();
        assertThat(denoiser.step(List.of("b")).get(0).done()).isEqualTo(2);
        assertThatThrownBy(() -> denoiser.step(List.of("b", "a"))).hasMessage("there is no picture a");
        assertThat(denoiser.progress("b").done()).isEqualTo(2);
    }

    @Test
    void pictureThatLeavesTheRangeOfNumbersFailsAlone() {
        model.poison = 3;
        join("bad", request("bad", 8, 5, 1));
        join("good", request("good", 8, 5, 1));
        List<Denoiser.Progress> progress = denoiser.step(List.of("bad", "good"));
        assertThat(progress.get(0).failure().orElseThrow()).contains("in step 1", "less guidance");
        assertThat(progress.get(0).isDone()).isFalse();
        assertThat(progress.get(1).failure()).isEmpty();
        assertThat(denoiser.size()).isEqualTo(1);
        assertThat(denoiser.step(List.of("good")).get(0).done()).isEqualTo(2);
    }

    @Test
    void failedPassMovesNobodyAndMayBeRepeated() {
        join("a", request("a", 8, 5, 1));
        LatentState before = denoiser.state("a");
        model.failure = new DeviceException("out of memory");
        assertThatThrownBy(() -> denoiser.step(List.of("a"))).isInstanceOf(DeviceException.class);
        assertThat(denoiser.state("a")).isEqualTo(before);
        assertThat(denoiser.step(List.of("a")).get(0).done()).isEqualTo(1);
    }

    @Test
    void pictureGoesOnElsewhereFromItsState() {
        var request = new ImageRequest("a", "no", 8, 8, 6, 3, 9, Sampler.DPMPP_2M, Optional.empty());
        join("a", request);
        for (int i = 0; i < 3; i++) {
            denoiser.step(List.of("a"));
        }
        try (var other = new Denoiser(new FakeModel(), 4, 3)) {
            other.resume("x", "t", request, denoiser.state("a"));
            while (!other.progress("x").isDone()) {
                denoiser.step(List.of("a"));
                other.step(List.of("x"));
            }
            assertThat(other.state("x")).isEqualTo(denoiser.state("a"));
        }
    }

    @Test
    void foreignStatesAreRefusedAndLeaveNothing() {
        ImageRequest request = request("a", 8, 2, 1);
        for (LatentState foreign : List.of(
                new LatentState(3, new float[48], new float[48]),
                new LatentState(0, new float[47], new float[0]),
                new LatentState(1, new float[1], new float[1]))) {
            assertThatThrownBy(() -> denoiser.resume("a", "t", request, foreign))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(denoiser.size()).isZero();
        }
        assertThatThrownBy(() -> new LatentState(1, new float[2], new float[0]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LatentState(-1, new float[2], new float[0]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusedPictureLeavesNothing() {
        assertThatThrownBy(() -> join("a", request("a", 7, 5, 1))).hasMessage("sizes are even");
        assertThat(denoiser.size()).isZero();
        join("a", request("a", 8, 5, 1));
        assertThatThrownBy(() -> join("a", request("a", 8, 5, 1))).hasMessage("picture a is here already");
        assertThatThrownBy(() -> denoiser.finish("a")).hasMessage("picture a has done 0 of 5 steps");
        assertThatThrownBy(() -> denoiser.finish("b")).hasMessage("there is no picture b");
        assertThatThrownBy(() -> denoiser.step(List.of("a", "a", "b"))).isInstanceOf(IllegalArgumentException.class);
        assertThat(denoiser.progress("a").done()).isZero();
    }

    @Test
    void finishedPictureHasNoStepLeft() {
        join("a", request("a", 8, 1, 1));
        denoiser.step(List.of("a"));
        assertThatThrownBy(() -> denoiser.step(List.of("a"))).hasMessage("picture a has no step left");
    }

    @Test
    void closingClosesTheModel() {
        denoiser.close();
        assertThat(model.closed).isTrue();
        assertThatThrownBy(() -> new Denoiser(model, 1, 3)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 8, 7, steps 0",
        "10000, 8, 7, steps 10000: say 1 to 1000",
        "5, 0, 7, size 0x0",
        "5, 1000000, 7, say at most 2048 for a side",
        "5, 8, -1, guidance -1.0",
        "5, 8, NaN, guidance NaN: say 0 to 100"
    })
    void impossibleRequestIsRefusedInWords(int steps, int side, double guidance, String problem) {
        assertThatThrownBy(() -> request("a", side, steps, guidance))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void requestsDoNotCarryTheirTextIntoLogs() {
        var request = new ImageRequest("my secret", "my fear", 8, 8, 5, 7, 1, Sampler.LCM, Optional.empty());
        assertThat(request.toString()).contains("8x8", "lcm").doesNotContain("secret", "fear");
    }

    @Test
    void impossibleSourcesAreRefusedInWords() {
        var picture = new Picture(3, 8, 8, new float[192]);
        var mask = new Mask(4, 8, new float[32]);
        assertThatThrownBy(() -> new ImageRequest.Source(picture, 1.5, Optional.empty()))
                .hasMessage("strength 1.5: say 0 to 1");
        assertThatThrownBy(() -> new ImageRequest.Source(picture, Double.NaN, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ImageRequest.Source(picture, 1, Optional.of(mask)))
                .hasMessage("the mask is 8x4 and its picture 8x8");
        var source = new ImageRequest.Source(picture, 1, Optional.empty());
        assertThatThrownBy(() -> new ImageRequest("a", "", 16, 16, 5, 1, 1, Sampler.DDIM, Optional.of(source)))
                .hasMessageContaining("the source is 8x8 and the picture is to be 16x16");
        assertThatThrownBy(() -> new Mask(1, 1, new float[] {2})).hasMessageContaining("outside 0 to 1");
        assertThatThrownBy(() -> new Mask(1, 1, new float[] {Float.NaN})).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Mask(2, 1, new float[1])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Picture(3, 1, 1, new float[] {0, 0, Float.NaN}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Picture(2, 1, 1, new float[2])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Picture(3, 1 << 16, 1 << 16, new float[0]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void maskOfTheLatentsMayChangeWhereAnyOfItsPixelsMay() {
        var mask = new Mask(4, 4, new float[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0.5f});
        assertThat(mask.shrunk(2)).containsExactly(0, 0, 0, 1);
        assertThat(mask.shrunk(4)).containsExactly(1);
    }
}
