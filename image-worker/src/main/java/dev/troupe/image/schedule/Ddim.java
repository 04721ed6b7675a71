package dev.troupe.image.schedule;

import java.util.ArrayList;

/**
 * Denoising diffusion implicit models without fresh noise (Song, Meng, Ermon: Denoising Diffusion Implicit Models, 2021, eq. 12 with
 * sigma 0): {@code x' = alpha' * estimate + sigma' * (x - alpha * estimate) / sigma}.
 */
final class Ddim {
    private Ddim() {}

    static DenoisingPlan plan(NoiseConfig config, int steps, int skipped) {
        var noise = new TrainedNoise(config);
        Spacing spacing = config.spacing(Sampler.DDIM, Spacing.LEADING);
        double[] times = Times.of(spacing, config.trainSteps(), steps, config.offset(Sampler.DDIM), true);
        var plan = new ArrayList<DenoisingStep>();
        for (int i = skipped; i < steps; i++) {
            int time = (int) times[i];
            boolean last = i + 1 == steps;
            boolean clean = last && config.endsClean();
            int next = last ? 0 : (int) times[i + 1];
            double alpha = noise.alpha(time);
            double sigma = noise.sigma(time);
            double nextAlpha = clean ? 1 : noise.alpha(next);
            double nextSigma = clean ? 0 : noise.sigma(next);
            double keep = nextSigma / sigma;
            plan.add(new DenoisingStep(time, alpha, sigma, keep, nextAlpha - keep * alpha, 0, 0));
        }
        return new DenoisingPlan(plan, 1, skipped);
    }
}
