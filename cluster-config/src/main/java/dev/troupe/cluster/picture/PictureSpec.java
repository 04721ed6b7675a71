package dev.troupe.cluster.picture;

import java.util.Objects;
import java.util.Optional;

/**
 * All that a picture depends on: from the same one, any replica of the model makes the same picture, within the rounding of kernels.
 *
 * @param modelId as the API names it
 * @param prompt complete, as the model shall read it
 * @param negativePrompt what it shall not show; counts only with guidance
 * @param width and {@code height}, in pixels, of what is handed over
 * @param steps that a picture from nothing but noise takes
 * @param guidance how far to go beyond the prompt; 1 or less turns it off
 * @param sampler a name that {@link PictureModel#samplers} has
 * @param seed of all noise
 * @param source to start from; empty for nothing but noise
 * @param previews how many pictures of the way are wanted, 0 to 3
 */
public record PictureSpec(
        String modelId,
        String prompt,
        String negativePrompt,
        int width,
        int height,
        int steps,
        double guidance,
        String sampler,
        long seed,
        Optional<PictureSource> source,
        PictureOutput output,
        int previews) {
    public static final int MAX_STEPS = 1_000;
    public static final double MAX_GUIDANCE = 100;
    public static final int MAX_SIDE = 2_048;
    public static final int MAX_PREVIEWS = 3;

    public PictureSpec {
        Objects.requireNonNull(modelId);
        Objects.requireNonNull(prompt);
        Objects.requireNonNull(negativePrompt);
        Objects.requireNonNull(sampler);
        Objects.requireNonNull(source);
        Objects.requireNonNull(output);
        within("width", width, 1, MAX_SIDE);
        within("height", height, 1, MAX_SIDE);
        within("steps", steps, 1, MAX_STEPS);
        within("previews", previews, 0, MAX_PREVIEWS);
        if (!(guidance >= 0 && guidance <= MAX_GUIDANCE)) {
            throw new IllegalArgumentException("guidance " + guidance + ": say 0 to " + MAX_GUIDANCE);
        }
    }

    private static void within(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " " + value + ": say " + least + " to " + most);
        }
    }

    /** @return the same from other noise */
    public PictureSpec withSeed(long newSeed) {
        return new PictureSpec(
                modelId,
                prompt,
                negativePrompt,
                width,
                height,
                steps,
                guidance,
                sampler,
                newSeed,
                source,
                output,
                previews);
    }

    /** Without what was asked for: a log is no place for it. */
    @Override
    public String toString() {
        return "PictureSpec[" + modelId + ", " + width + "x" + height + ", " + steps + " steps of " + sampler
                + ", guidance " + guidance + ", seed " + seed
                + source.map(from -> ", from " + from).orElse("")
                + ", as " + output + "]";
    }
}
