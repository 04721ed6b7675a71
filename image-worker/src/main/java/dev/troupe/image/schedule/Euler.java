package dev.troupe.image.schedule;

import java.util.ArrayList;

/**
 * Euler's method on the probability-flow ODE in latents {@code picture + s * noise}: {@code x' = x + (s' - s) * (x - estimate) / s}
 * (Karras, Aittala, Aila, Laine: Elucidating the Design Space of Diffusion-Based Generative Models, 2022, algorithm 1 with s(t) = 1).
 *
 * <p>The ancestral form goes further down, to {@code s'' = sqrt(s'² - u²)}, and adds fresh noise of deviation {@code u = sqrt(s'² (s² -
 * s'²) / s²)}, the posterior's (Song and others: Score-Based Generative Modeling, 2021, appendix F; so in Crowson's k-diffusion).
 */
final class Euler {
    private Euler() {}

    static DenoisingPlan plan(NoiseConfig config, int steps, int skipped, boolean ancestral) {
        var noise = new TrainedNoise(config);
        Sampler sampler = ancestral ? Sampler.EULER_A : Sampler.EULER;
        Spacing spacing = config.spacing(sampler, Spacing.LINSPACE);
        double[] times = Times.of(spacing, config.trainSteps(), steps, config.offset(sampler), false);
        var plan = new ArrayList<DenoisingStep>();
        for (int i = skipped; i < steps; i++) {
            double ratio = noise.ratio(times[i]);
            double next = i + 1 < steps ? noise.ratio(times[i + 1]) : 0;
            double fresh = ancestral ? next * Math.sqrt(1 - next * next / (ratio * ratio)) : 0;
            double down = Math.sqrt(next * next - fresh * fresh);
            double keep = down / ratio;
            plan.add(new DenoisingStep(times[i], 1, ratio, keep, 1 - keep, 0, fresh));
        }
        double most = noise.ratio(times[0]);
        // Where the times stop short of the last, pure noise stands for a picture mixed with noise of that deviation.
        double scale = spacing == Spacing.LEADING ? Math.hypot(most, 1) : most;
        return new DenoisingPlan(plan, scale, skipped);
    }
}
