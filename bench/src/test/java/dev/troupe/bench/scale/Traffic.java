package dev.troupe.bench.scale;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * What people ask, as chances. Nothing of it is measured: it has the shape that published traces have.
 *
 * @param rate requests a second in the mean
 * @param burst how many times as many come in a burst as in between
 * @param calmSeconds mean length of the time between bursts
 * @param burstSeconds mean length of a burst
 * @param systemPrompts how many there are; the n-th is used in proportion to 1/n^{@code systemZipf}
 * @param system tokens of each of them
 * @param goOn the chance that a request is the next turn of a conversation
 * @param question tokens of a turn
 * @param answer tokens
 * @param longest tokens of prompt and answer; a conversation that would be longer is over
 */
record Traffic(
        double rate,
        double burst,
        double calmSeconds,
        double burstSeconds,
        int systemPrompts,
        double systemZipf,
        Lengths system,
        double goOn,
        Lengths question,
        Lengths answer,
        int longest) {

    /** Log-normal: half are below the median, and a few are very long. */
    record Lengths(double median, double sigma, int most) {
        int draw(SplittableRandom random) {
            double length = median * Math.exp(sigma * random.nextGaussian());
            return (int) Math.max(1, Math.min(most, Math.round(length)));
        }
    }

    /** Chat: a system prompt, then turns of a few lines and answers of some hundred tokens. */
    static Traffic chat(double rate) {
        return new Traffic(
                rate,
                4,
                20,
                5,
                200,
                1.1,
                new Lengths(250, 0.7, 1_500),
                0.6,
                new Lengths(50, 1.0, 1_500),
                new Lengths(120, 0.9, 1_000),
                6_000);
    }

    Traffic withRate(double newRate) {
        return new Traffic(
                newRate,
                burst,
                calmSeconds,
                burstSeconds,
                systemPrompts,
                systemZipf,
                system,
                goOn,
                question,
                answer,
                longest);
    }

    /** @return the rate while it is calm, such that the mean comes out right */
    double calmRate() {
        return rate * (calmSeconds + burstSeconds) / (calmSeconds + burst * burstSeconds);
    }

    /** @return for each system prompt the chance that one before it or it is used */
    double[] popularity() {
        double[] sums = new double[systemPrompts];
        double sum = 0;
        for (int i = 0; i < systemPrompts; i++) {
            sum += Math.pow(i + 1, -systemZipf);
            sums[i] = sum;
        }
        double all = sum;
        return Arrays.stream(sums).map(part -> part / all).toArray();
    }
}
