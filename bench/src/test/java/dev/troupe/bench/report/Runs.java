package dev.troupe.bench.report;

import dev.troupe.bench.load.Exchange;
import dev.troupe.bench.load.RunResult;
import dev.troupe.bench.load.Samples;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Made-up runs. */
final class Runs {
    static final Bounds BOUNDS = new Bounds(0.5, 0.05);

    private Runs() {}

    /** 11 tokens, the first after so long, each further one after so long again. */
    static Exchange exchange(double first, double perToken) {
        double[] gaps = new double[10];
        Arrays.fill(gaps, perToken);
        double last = first + 10 * perToken;
        return new Exchange(last, first, last, Samples.of(gaps), 100, 30, 11, Optional.empty());
    }

    static Exchange failed(String error) {
        return new Exchange(1, 1, 1, Samples.none(), 0, 0, 0, Optional.of(error));
    }

    static RunResult run(double seconds, Exchange... exchanges) {
        return new RunResult(List.of(exchanges), seconds, 0.001);
    }
}
