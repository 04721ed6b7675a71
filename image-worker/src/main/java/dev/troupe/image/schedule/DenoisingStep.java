package dev.troupe.image.schedule;

/**
 * One step of a sampler, as numbers. The latents x before it are {@code signal * clean + spread * noise}. With the network's
 * answer comes an estimate of {@code clean} (see {@link Prediction}), and the latents after it are {@code keep * x + clean *
 * estimate + previous * the estimate of the step before + fresh * new noise}.
 *
 * @param timestep what the network is told, in trained steps; may lie between two
 * @param signal how much of the picture is in the latents before the step
 * @param spread standard deviation of the noise that is in them
 * @param keep share of the latents that stays
 * @param clean share of the estimate
 * @param previous share of the last step's estimate; 0 for the first step
 * @param fresh standard deviation of the new noise
 */
public record DenoisingStep(
        double timestep, double signal, double spread, double keep, double clean, double previous, double fresh) {
    public DenoisingStep {
        for (double number : new double[] {timestep, signal, spread, keep, clean, previous, fresh}) {
            if (!Double.isFinite(number)) {
                throw new IllegalArgumentException("a step at time " + timestep + " is not finite");
            }
        }
    }

    /** What the latents are multiplied by for the network, which wants signal² + spread² = 1. */
    public double inputScale() {
        return 1 / Math.hypot(signal, spread);
    }

    /**
     * The picture that an answer of the network points at.
     *
     * @param latents before the step, any shape
     * @param answer the network's, for {@code latents * inputScale()}, of the same shape
     * @return the estimate, of the same shape
     */
    public float[] estimate(Prediction prediction, float[] latents, float[] answer) {
        double scale = inputScale();
        double alpha = signal * scale;
        double sigma = spread * scale;
        double ofLatents =
                switch (prediction) {
                    case EPSILON -> scale / alpha;
                    case V_PREDICTION -> scale * alpha;
                    case SAMPLE -> 0;
                };
        double ofAnswer =
                switch (prediction) {
                    case EPSILON -> -sigma / alpha;
                    case V_PREDICTION -> -sigma;
                    case SAMPLE -> 1;
                };
        var estimate = new float[latents.length];
        for (int i = 0; i < estimate.length; i++) {
            estimate[i] = (float) (ofLatents * latents[i] + ofAnswer * answer[i]);
        }
        return estimate;
    }

    /**
     * The latents after the step.
     *
     * @param latents before it
     * @param estimate of the picture
     * @param last the step before's estimate; not read where {@link #previous} is 0
     * @param noise unit noise of this step; not read where {@link #fresh} is 0
     */
    public float[] next(float[] latents, float[] estimate, float[] last, float[] noise) {
        var next = new float[latents.length];
        for (int i = 0; i < next.length; i++) {
            double value = keep * latents[i] + clean * estimate[i];
            if (previous != 0) {
                value += previous * last[i];
            }
            if (fresh != 0) {
                value += fresh * noise[i];
            }
            next[i] = (float) value;
        }
        return next;
    }

    /** A picture's latents as they would be before this step. */
    public float[] mix(float[] picture, float[] noise) {
        var mixed = new float[picture.length];
        for (int i = 0; i < mixed.length; i++) {
            mixed[i] = (float) (signal * picture[i] + spread * noise[i]);
        }
        return mixed;
    }
}
