package dev.troupe.bench.load;

import java.util.Arrays;
import java.util.Collection;

/** Measured values of one kind, in order of size. Immutable. */
public final class Samples {
    private static final Samples NONE = new Samples(new double[0]);

    private final double[] sorted;

    private Samples(double[] sorted) {
        this.sorted = sorted;
    }

    /** @param values in any order; copied */
    public static Samples of(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return new Samples(sorted);
    }

    public static Samples none() {
        return NONE;
    }

    public static Samples merged(Collection<Samples> parts) {
        double[] all = parts.stream()
                .flatMapToDouble(part -> Arrays.stream(part.sorted))
                .toArray();
        Arrays.sort(all);
        return new Samples(all);
    }

    public int count() {
        return sorted.length;
    }

    public boolean isEmpty() {
        return sorted.length == 0;
    }

    /**
     * The value below which the given part of all lies, interpolated between the two nearest, as NumPy's {@code percentile} does by default.
     *
     * @param percent 0 to 100
     * @return not a number where there are no values
     */
    public double percentile(double percent) {
        if (!(percent >= 0 && percent <= 100)) {
            throw new IllegalArgumentException("percentile " + percent);
        }
        if (sorted.length == 0) {
            return Double.NaN;
        }
        double rank = percent / 100 * (sorted.length - 1);
        int below = (int) rank;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (rank - below) * (sorted[above] - sorted[below]);
    }

    /** @param factor not negative */
    public Samples scaled(double factor) {
        return new Samples(Arrays.stream(sorted).map(value -> value * factor).toArray());
    }

    /** @return not a number where there are no values */
    public double mean() {
        return Arrays.stream(sorted).average().orElse(Double.NaN);
    }
}
