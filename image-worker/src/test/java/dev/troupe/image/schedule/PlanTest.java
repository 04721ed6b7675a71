package dev.troupe.image.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.troupe.image.TinySd;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static NoiseConfig config(Sampler sampler, Spacing spacing, Prediction prediction) {
        return new NoiseConfig(
                1000,
                0.00085,
                0.012,
                BetaSchedule.SCALED_LINEAR,
                false,
                prediction,
                sampler,
                Optional.ofNullable(spacing),
                1,
                false);
    }

    private static NoiseConfig config() {
        return config(Sampler.DDIM, Spacing.LEADING, Prediction.EPSILON);
    }

    @Test
    void timesAreThoseOfTheGoldens() {
        for (JsonNode example : TinySd.golden().path("cases")) {
            Sampler sampler = Sampler.parse(example.path("scheduler").asText().replace("ddim_v", "ddim"));
            DenoisingPlan plan = sampler.plan(config(), example.path("steps").asInt(), 0);

            assertThat(plan.size()).isEqualTo(example.path("timesteps").size());
            for (int i = 0; i < plan.size(); i++) {
                double expected = example.path("timesteps").get(i).asDouble();
                assertThat(plan.steps().get(i).timestep())
                        .as(example.path("key").asText())
                        .isCloseTo(expected, within(1e-4));
            }
        }
    }

    /** Were the network always right, picture and noise would stand after each step as the next one expects them. */
    @Property(tries = 300)
    void rightEstimateLeadsFromEachStepToTheNext(
            @ForAll Sampler sampler,
            @ForAll Spacing spacing,
            @ForAll @IntRange(min = 1, max = 50) int steps,
            @ForAll @IntRange(min = 0, max = 49) int skipped) {
        DenoisingPlan plan =
                sampler.plan(config(sampler, spacing, Prediction.EPSILON), steps, Math.min(skipped, steps - 1));

        for (int i = 0; i < plan.size(); i++) {
            DenoisingStep step = plan.steps().get(i);
            double signal = step.keep() * step.signal() + step.clean() + step.previous();
            double spread = Math.hypot(step.keep() * step.spread(), step.fresh());
            boolean last = i + 1 == plan.size();
            if (last && sampler == Sampler.DDIM) {
                assertThat(spread).isLessThan(0.04); // to the noise of the first trained time
                assertThat(signal).isCloseTo(Math.sqrt(1 - spread * spread), within(1e-9));
            } else {
                double nextSignal = last ? 1 : plan.steps().get(i + 1).signal();
                double nextSpread = last ? 0 : plan.steps().get(i + 1).spread();
                // A consistency model keeps a trace of its input.
                assertThat(signal).isCloseTo(nextSignal, within(sampler == Sampler.LCM ? 1e-4 : 1e-9));
                assertThat(spread).isCloseTo(nextSpread, within(sampler == Sampler.LCM ? 1e-4 : 1e-6));
            }
        }
    }

    @Property(tries = 200)
    void onlyTheSamplersThatSayItTakeFreshNoiseAndNeverInTheLastStep(
            @ForAll Sampler sampler, @ForAll @IntRange(min = 2, max = 50) int steps) {
        DenoisingPlan plan = sampler.plan(config(), steps, 0);

        boolean noisy = sampler == Sampler.EULER_A || sampler == Sampler.LCM;
        assertThat(plan.steps().get(0).fresh() > 0).isEqualTo(noisy);
        assertThat(plan.steps().get(steps - 1).fresh()).isZero();
        assertThat(plan.steps().get(0).previous()).isZero();
    }

    /** Euler's ancestral form without its noise would go further down than Euler's, by what the noise puts back. */
    @Property(tries = 100)
    void ancestralStepsEndAtTheNoiseOfEulersSteps(@ForAll @IntRange(min = 2, max = 60) int steps) {
        DenoisingPlan euler = Sampler.EULER.plan(config(), steps, 0);
        DenoisingPlan ancestral = Sampler.EULER_A.plan(config(), steps, 0);

        for (int i = 0; i < steps; i++) {
            DenoisingStep e = euler.steps().get(i);
            DenoisingStep a = ancestral.steps().get(i);
            assertThat(Math.hypot(a.keep() * a.spread(), a.fresh())).isCloseTo(e.keep() * e.spread(), within(1e-9));
            if (i + 1 < steps) {
                assertThat(a.keep()).isLessThan(e.keep());
            }
        }
    }

    @Test
    void firstStepOfAPictureThatStartsFromAnotherReadsNoEstimateBefore() {
        DenoisingPlan whole = Sampler.DPMPP_2M.plan(config(), 20, 0);
        DenoisingPlan rest = Sampler.DPMPP_2M.plan(config(), 20, 8);

        assertThat(rest.size()).isEqualTo(12);
        assertThat(rest.skipped()).isEqualTo(8);
        assertThat(whole.steps().get(8).previous()).isNotZero();
        assertThat(rest.steps().get(0).previous()).isZero();
        assertThat(rest.steps().subList(1, 12)).isEqualTo(whole.steps().subList(9, 20));
        assertThat(Sampler.DPMPP_2M.plan(config(), 20, 20).size()).isZero();
    }

    /** The three kinds of answer say the same of the same picture. */
    @Property(tries = 200)
    void everyPredictionPointsAtThePicture(
            @ForAll Sampler sampler, @ForAll Prediction prediction, @ForAll @IntRange(min = 0, max = 9) int at) {
        DenoisingStep step = sampler.plan(config(), 10, 0).steps().get(at);
        float[] picture = {0.7f, -1.3f, 0.1f};
        float[] noise = Noise.unit(3, 1, 3);
        float[] latents = step.mix(picture, noise);
        double scale = step.inputScale();
        var answer = new float[3];
        for (int i = 0; i < 3; i++) {
            answer[i] = (float)
                    switch (prediction) {
                        case EPSILON -> noise[i];
                        case V_PREDICTION -> scale * (step.signal() * noise[i] - step.spread() * picture[i]);
                        case SAMPLE -> picture[i];
                    };
        }
        assertThat(TinySd.distance(step.estimate(prediction, latents, answer), picture))
                .isLessThan(1e-4);
    }

    @Test
    void consistencyModelJumpsToThePictureAndBack() {
        DenoisingPlan plan = Sampler.LCM.plan(config(), 4, 0);

        assertThat(plan.steps()).extracting(DenoisingStep::timestep).containsExactly(999.0, 759.0, 499.0, 259.0);
        assertThat(plan.steps().get(3).clean()).isCloseTo(1, within(1e-4));
        assertThat(plan.steps().get(3).keep()).isPositive().isLessThan(1e-4);
        for (int i = 0; i < 3; i++) {
            assertThat(plan.steps().get(i).fresh())
                    .isCloseTo(plan.steps().get(i + 1).spread(), within(1e-12));
        }
    }

    @Test
    void zeroTerminalSnrEndsInNothingButNoiseAndStaysFinite() {
        var flawed = config(Sampler.DDIM, Spacing.TRAILING, Prediction.V_PREDICTION);
        var mended = new NoiseConfig(
                1000,
                0.00085,
                0.012,
                BetaSchedule.SCALED_LINEAR,
                true,
                Prediction.V_PREDICTION,
                Sampler.DDIM,
                Optional.of(Spacing.TRAILING),
                0,
                false);
        assertThat(Sampler.DDIM.plan(flawed, 10, 0).steps().get(0).signal()).isGreaterThan(0.06);
        for (Sampler sampler : Sampler.values()) {
            assertThat(sampler.plan(mended, 10, 0).steps().get(0).inputScale()).isPositive();
        }
        assertThat(Sampler.DDIM.plan(mended, 10, 0).steps().get(0).signal()).isLessThan(1e-3);
    }

    @Test
    void everySamplerTakesAnyNumberOfStepsThatItSaysItTakes() {
        for (Sampler sampler : Sampler.values()) {
            for (Spacing spacing : Spacing.values()) {
                for (int steps : new int[] {1, 2, 3, 49, 50, 999, 1000}) {
                    if (sampler != Sampler.LCM || steps <= 50) {
                        var plan = sampler.plan(config(sampler, spacing, Prediction.EPSILON), steps, 0);
                        assertThat(plan.size()).isEqualTo(steps);
                        assertThat(plan.steps()).allMatch(step -> step.timestep() >= 0 && step.timestep() < 1000);
                    }
                }
            }
        }
    }

    @Test
    void impossibleNumbersOfStepsAreRefusedInWords() {
        assertThatThrownBy(() -> Sampler.DDIM.plan(config(), 0, 0)).hasMessage("0 steps: ddim takes 1 to 1000");
        assertThatThrownBy(() -> Sampler.LCM.plan(config(), 51, 0)).hasMessage("51 steps: lcm takes 1 to 50");
        assertThatThrownBy(() -> Sampler.EULER.plan(config(), 1001, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Sampler.EULER.plan(config(), 10, 11)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Sampler.parse("euler a"))
                .hasMessage(
                        "sampler 'euler a' is unknown; say one of ddim, euler, euler_a, dpmpp_2m, dpmpp_2m_karras, lcm");
    }
}
