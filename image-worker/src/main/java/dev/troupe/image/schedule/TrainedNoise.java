package dev.troupe.image.schedule;

import java.util.Arrays;

/**
 * How much of picture and noise the model has seen at each of its trained times: at time t it was shown {@code alpha(t) * picture +
 * sigma(t) * noise} with alpha² + sigma² = 1 (Ho, Jain, Abbeel 2020, eq. 4).
 */
public final class TrainedNoise {
    /** A last time without any signal has no finite ratio of noise to signal; so much is left of it. */
    private static final double LEAST_SIGNAL = 0x1p-24;

    private final double[] signals; // [time], alpha²
    private final double[] ratios; // [time], sigma / alpha, growing

    public TrainedNoise(NoiseConfig config) {
        signals = new double[config.trainSteps()];
        double signal = 1;
        for (int t = 0; t < signals.length; t++) {
            signal *= 1 - beta(config, t);
            signals[t] = signal;
        }
        if (config.zeroTerminalSnr()) {
            stretch(signals);
        }
        ratios = Arrays.stream(signals).map(s -> Math.sqrt((1 - s) / s)).toArray();
    }

    private static double beta(NoiseConfig config, int t) {
        int last = config.trainSteps() - 1;
        double share = last == 0 ? 0 : (double) t / last;
        return switch (config.betas()) {
            case LINEAR -> config.betaStart() + share * (config.betaEnd() - config.betaStart());
            case SCALED_LINEAR -> {
                double from = Math.sqrt(config.betaStart());
                double root = from + share * (Math.sqrt(config.betaEnd()) - from);
                yield root * root;
            }
            case SQUAREDCOS_CAP_V2 ->
                Math.min(0.999, 1 - cosine((t + 1.0) / config.trainSteps()) / cosine((double) t / config.trainSteps()));
        };
    }

    private static double cosine(double share) {
        double cos = Math.cos((share + 0.008) / 1.008 * Math.PI / 2);
        return cos * cos;
    }

    /** So that nothing is left at the last time and the first stays (Lin and others 2024, algorithm 1). */
    private static void stretch(double[] signals) {
        double first = Math.sqrt(signals[0]);
        double last = Math.sqrt(signals[signals.length - 1]);
        for (int t = 0; t < signals.length; t++) {
            double alpha = (Math.sqrt(signals[t]) - last) * first / (first - last);
            signals[t] = Math.max(LEAST_SIGNAL, alpha * alpha);
        }
    }

    int last() {
        return signals.length - 1;
    }

    /** Share of the picture at a trained time. */
    public double alpha(int time) {
        return Math.sqrt(signals[time]);
    }

    /** Share of the noise at a trained time. */
    public double sigma(int time) {
        return Math.sqrt(1 - signals[time]);
    }

    /** Noise to signal at a time, which may lie between two trained ones. */
    double ratio(double time) {
        int below = (int) Math.min(last(), Math.max(0, Math.floor(time)));
        int above = Math.min(last(), below + 1);
        double share = Math.min(1, Math.max(0, time - below));
        return ratios[below] + share * (ratios[above] - ratios[below]);
    }

    /** The time at which noise to signal is so much, between the trained ones in its logarithm. */
    double time(double ratio) {
        if (last() == 0) {
            return 0;
        }
        int below = 0;
        while (below < last() - 1 && ratios[below + 1] <= ratio) {
            below++;
        }
        double low = Math.log(ratios[below]);
        double high = Math.log(ratios[below + 1]);
        return below + Math.min(1, Math.max(0, (Math.log(ratio) - low) / (high - low)));
    }

    double leastRatio() {
        return ratios[0];
    }

    double mostRatio() {
        return ratios[last()];
    }
}
