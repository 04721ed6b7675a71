package dev.troupe.image;

import java.util.Arrays;

/** A picture on its way, after some of its steps: with its request, all that another process needs to go on with it. Immutable. */
public final class LatentState {
    private final int step;
    private final float[] latents;
    private final float[] estimate;

    /**
     * @param step how many steps have been done
     * @param latents after them
     * @param estimate of the finished latents in the last step; empty before the first
     */
    public LatentState(int step, float[] latents, float[] estimate) {
        if (step < 0 || (step == 0) != (estimate.length == 0) || (step > 0 && estimate.length != latents.length)) {
            throw new IllegalArgumentException("a state after " + step + " steps has not " + latents.length + " and "
                    + estimate.length + " numbers");
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
        return other instanceof LatentState that
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
        return "LatentState[step " + step + "]";
    }
}
