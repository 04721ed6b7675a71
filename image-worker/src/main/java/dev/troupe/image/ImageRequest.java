package dev.troupe.image;

import dev.troupe.image.schedule.Sampler;
import java.util.Objects;
import java.util.Optional;

/**
 * One picture, as it is asked for.
 *
 * @param prompt what it shall show
 * @param negativePrompt what it shall not show; works only with guidance
 * @param width and {@code height}, in pixels; must suit the model
 * @param steps that a picture from nothing but noise takes
 * @param guidance how far to go from the negative prompt beyond the prompt (Ho, Salimans: Classifier-Free Diffusion Guidance, 2022); 1 or
 *     less turns it off, which costs half
 * @param seed of all noise
 * @param source to start from; empty for nothing but noise
 */
public record ImageRequest(
        String prompt,
        String negativePrompt,
        int width,
        int height,
        int steps,
        double guidance,
        long seed,
        Sampler sampler,
        Optional<Source> source) {
    public static final int MAX_STEPS = 1000;
    public static final double MAX_GUIDANCE = 100;
    public static final int MAX_SIDE = 2048;

    public ImageRequest {
        Objects.requireNonNull(prompt, "prompt");
        Objects.requireNonNull(negativePrompt, "negativePrompt");
        Objects.requireNonNull(sampler, "sampler");
        Objects.requireNonNull(source, "source");
        require(steps >= 1 && steps <= MAX_STEPS, "steps " + steps + ": say 1 to " + MAX_STEPS);
        require(guidance >= 0 && guidance <= MAX_GUIDANCE, "guidance " + guidance + ": say 0 to " + MAX_GUIDANCE);
        require(
                width >= 1 && width <= MAX_SIDE && height >= 1 && height <= MAX_SIDE,
                "size " + width + "x" + height + ": say at most " + MAX_SIDE + " for a side");
        source.ifPresent(from -> require(
                from.picture().width() == width && from.picture().height() == height,
                "the source is " + from.picture().width() + "x"
                        + from.picture().height() + " and the picture is to be " + width + "x" + height
                        + "; scale the source first"));
    }

    /**
     * A picture to start from (Meng and others: SDEdit, 2022), and where it may change.
     *
     * @param strength 0 leaves it, 1 keeps next to nothing of it
     * @param mask where it may change; empty for everywhere
     */
    public record Source(Picture picture, double strength, Optional<Mask> mask) {
        public Source {
            Objects.requireNonNull(picture, "picture");
            Objects.requireNonNull(mask, "mask");
            require(strength >= 0 && strength <= 1, "strength " + strength + ": say 0 to 1");
            mask.ifPresent(m -> require(
                    m.width() == picture.width() && m.height() == picture.height(),
                    "the mask is " + m.width() + "x" + m.height() + " and its picture " + picture.width() + "x"
                            + picture.height()));
        }
    }

    /** Whether each step asks the network for the negative prompt as well. */
    boolean isGuided() {
        return guidance > 1;
    }

    /** Steps at the beginning of the way that are left out, because the source is further on it already. */
    int skipped() {
        return source.map(from -> steps - Math.min(steps, (int) (steps * from.strength())))
                .orElse(0);
    }

    /** Without what was asked for: a log is no place for it. */
    @Override
    public String toString() {
        return "ImageRequest[" + width + "x" + height + ", " + steps + " steps of " + sampler + ", guidance " + guidance
                + ", seed " + seed + source.map(from -> ", from " + from).orElse("") + "]";
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            throw new IllegalArgumentException(problem);
        }
    }
}
