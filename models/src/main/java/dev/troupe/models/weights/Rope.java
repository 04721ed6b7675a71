package dev.troupe.models.weights;

/**
 * Rotary position embedding (Su et al. 2021, arXiv:2104.09864) in the rotate-half form: element {@code i} of a head turns
 * with element {@code i + dim / 2}.
 *
 * @param dim elements of a head, all of which turn
 * @param theta the base of the frequencies
 */
public record Rope(int dim, double theta, RopeScaling scaling) {
    public Rope {
        if (dim < 2 || dim % 2 != 0 || dim > ModelConfig.MAX_SIZE) {
            throw new IllegalArgumentException("the head dimension is " + dim + ", not an even number");
        }
        if (!(theta > 0) || Double.isInfinite(theta)) {
            throw new IllegalArgumentException("the rope base is " + theta + ", not a positive number");
        }
        if (scaling instanceof RopeScaling.Factors factors && factors.factors().size() != dim / 2) {
            throw new IllegalArgumentException("there are " + factors.factors().size() + " rope frequency factors for "
                    + dim / 2 + " frequencies");
        }
    }

    /** Radians per position of each pair, scaling applied: [dim / 2]. */
    public float[] inverseFrequencies() {
        var out = new float[dim / 2];
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) scaling.scale(Math.pow(theta, -2.0 * i / dim), i);
        }
        return out;
    }
}
