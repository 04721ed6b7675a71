package dev.troupe.router.refine;

import java.util.Objects;

/** Where a picture starts from. */
public sealed interface Start {
    /** Noise of a seed that no picture of the conversation has. */
    record NewNoise() implements Start {}

    /**
     * What another picture started from: its seed and, where it started from a picture itself, that picture with its strength. So what the
     * prompt leaves alone stays about where it was.
     *
     * @param of the id of that picture
     */
    record SameNoise(String of, long seed) implements Start {
        public SameNoise {
            Objects.requireNonNull(of);
        }
    }

    /**
     * Another picture.
     *
     * @param of its id
     * @param strength 0 is that picture as it is, and nothing needs to be made; 1 keeps next to nothing of it
     */
    record FromPicture(String of, double strength) implements Start {
        public FromPicture {
            Objects.requireNonNull(of);
            if (!(strength >= 0 && strength <= 1)) {
                throw new IllegalArgumentException("strength " + strength + ": say 0 to 1");
            }
        }
    }
}
