package dev.troupe.image.schedule;

import java.util.ArrayList;

/**
 * DPM-Solver++(2M) (Lu, Zhou, Bao, Chen, Li, Zhu: DPM-Solver++, 2022, algorithm 2): with {@code lambda = log(alpha / sigma)}, {@code h}
 * the way in lambda to the next time and {@code r} the last way divided by it,
 * {@code x' = sigma' / sigma * x - alpha' * (exp(-h) - 1) * ((1 + 1 / 2r) * estimate - 1 / 2r * last estimate)}. The first step and the last,
 * which goes to no noise and so to an infinite lambda, are of first order: {@code r} infinite.
 *
 * <p>Karras' noise levels: evenly in the seventh root between the largest and the smallest trained ratio of noise to signal (Karras and
 * others 2022, eq. 5).
 */
final class DpmSolver {
    private static final double RHO = 7;

    private DpmSolver() {}

    static DenoisingPlan plan(NoiseConfig config, int steps, int skipped, boolean karras) {
        var noise = new TrainedNoise(config);
        Sampler sampler = karras ? Sampler.DPMPP_2M_KARRAS : Sampler.DPMPP_2M;
        var times = new double[steps];
        var ratios = new double[steps + 1]; // the last is 0: no noise
        if (karras) {
            for (int i = 0; i < steps; i++) {
                ratios[i] = karras(noise, steps == 1 ? 0 : (double) i / (steps - 1));
                times[i] = Math.rint(noise.time(ratios[i]));
            }
        } else {
            Spacing spacing = config.spacing(sampler, Spacing.LINSPACE);
            times = Times.beforeClean(spacing, config.trainSteps(), steps, config.offset(sampler));
            for (int i = 0; i < steps; i++) {
                ratios[i] = noise.ratio(times[i]);
            }
        }
        var plan = new ArrayList<DenoisingStep>();
        for (int i = skipped; i < steps; i++) {
            double lastWay = i > skipped ? Math.log(ratios[i - 1] / ratios[i]) : 0;
            plan.add(step(times[i], ratios[i], ratios[i + 1], lastWay));
        }
        return new DenoisingPlan(plan, 1, skipped);
    }

    private static double karras(TrainedNoise noise, double share) {
        double most = Math.pow(noise.mostRatio(), 1 / RHO);
        double least = Math.pow(noise.leastRatio(), 1 / RHO);
        return Math.pow(most + share * (least - most), RHO);
    }

    /** @param lastWay how far the step before went in lambda; 0 where there was none, or it went nowhere */
    private static DenoisingStep step(double time, double ratio, double next, double lastWay) {
        double alpha = 1 / Math.hypot(1, ratio);
        double nextAlpha = 1 / Math.hypot(1, next);
        double keep = next * nextAlpha / (ratio * alpha);
        double toEstimate = nextAlpha * (1 - next / ratio); // exp(-h) is the quotient of the ratios
        double share = next == 0 || lastWay == 0 ? 0 : Math.log(ratio / next) / (2 * lastWay);
        return new DenoisingStep(time, alpha, ratio * alpha, keep, toEstimate * (1 + share), -toEstimate * share, 0);
    }
}
