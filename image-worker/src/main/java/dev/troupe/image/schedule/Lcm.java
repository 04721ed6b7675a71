package dev.troupe.image.schedule;

import java.util.ArrayList;

/**
 * Multistep sampling of a latent consistency model (Luo, Tan, Huang, Li, Zhao: Latent Consistency Models, 2023, algorithm 3): the
 * consistency function {@code f(x, t) = c_skip(t) * x + c_out(t) * estimate}, then fresh noise of the next time's size.
 *
 * <p>The skips are those that make f the identity at time 0 (Song, Dhariwal, Chen, Sutskever: Consistency Models, 2023, appendix C),
 * with deviation 0.5 and the times stretched tenfold, as the published models were trained.
 */
final class Lcm {
    /** The times that the published models were distilled on. */
    static final int ORIGINAL_STEPS = 50;

    private static final double DEVIATION = 0.5;
    private static final double STRETCH = 10;

    private Lcm() {}

    static DenoisingPlan plan(NoiseConfig config, int steps, int skipped) {
        var noise = new TrainedNoise(config);
        int origins = Math.min(ORIGINAL_STEPS, config.trainSteps());
        int stride = config.trainSteps() / origins;
        var times = new int[steps];
        for (int i = 0; i < steps; i++) {
            times[i] = (origins - i * origins / steps) * stride - 1;
        }
        var plan = new ArrayList<DenoisingStep>();
        for (int i = skipped; i < steps; i++) {
            boolean last = i + 1 == steps;
            double nextAlpha = last ? 1 : noise.alpha(times[i + 1]);
            double nextSigma = last ? 0 : noise.sigma(times[i + 1]);
            double stretched = times[i] * STRETCH;
            double size = Math.hypot(stretched, DEVIATION);
            double skip = DEVIATION * DEVIATION / (size * size);
            double out = stretched / size;
            plan.add(new DenoisingStep(
                    times[i],
                    noise.alpha(times[i]),
                    noise.sigma(times[i]),
                    nextAlpha * skip,
                    nextAlpha * out,
                    0,
                    nextSigma));
        }
        return new DenoisingPlan(plan, 1, skipped);
    }
}
