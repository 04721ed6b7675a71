package dev.troupe.cluster.picture;

import java.util.Arrays;

/**
 * A picture on its way, after some of its steps: with its {@link PictureSpec}, all that another process needs to go on with it. Immutable;
 * nobody has looked whether the numbers are those of that picture.
 */
public final class LatentCheckpoint {
    private final int step;
    private final float[] latents;
    private final float[] estimate;

    /**
     * @param step how many steps have been done, from 1
     * @param latents after them
     * @param estimate of the finished latents in the last step
     * @throws IllegalArgumentException if the two are not equally many numbers
     */
    public LatentCheckpoint(int step, float[] latents, float[] estimate) {
        if (step < 1 || latents.length == 0 || estimate.length != latents.length) {
            throw new IllegalArgumentException("a checkpoint after " + step + " steps has not " + latents.length
                    + " and " + estimate.length + " numbers");
        }
        this.step = step;
        this.latents = latents.clone();
        this.estimate = estimate.clone();
    }

    public int step() {
        return step;
    }

    /** A copy. */
    public float[] latents() {
        return latents.clone();
    }

    /** A copy. */
    public float[] estimate() {
        return estimate.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LatentCheckpoint that
                && step == that.step
                && Arrays.equals(latents, that.latents)
                && Arrays.equals(estimate, that.estimate);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(latents);
    }

    @Override
    public String toString() {
        return "LatentCheckpoint[step " + step + "]";
    }
}
