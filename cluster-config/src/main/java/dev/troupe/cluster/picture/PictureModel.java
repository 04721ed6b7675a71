package dev.troupe.cluster.picture;

import java.util.List;
import java.util.Objects;

/**
 * A picture model as its replicas announce it: what may be asked of it, and what is meant where nothing is said.
 *
 * @param id in the API
 * @param fingerprint what the weights are; replicas of one fingerprint stand in for each other
 * @param sizes that may be asked for, the usual one first
 * @param samplers by name, the usual one first
 * @param steps where nothing is said
 * @param guidance where nothing is said
 * @param transparent whether it makes transparent backgrounds
 */
public record PictureModel(
        String id,
        String fingerprint,
        List<Size> sizes,
        List<String> samplers,
        int steps,
        double guidance,
        boolean transparent) {

    /** In pixels. */
    public record Size(int width, int height) {
        @Override
        public String toString() {
            return width + "x" + height;
        }
    }

    public PictureModel {
        Objects.requireNonNull(id);
        Objects.requireNonNull(fingerprint);
        sizes = List.copyOf(sizes);
        samplers = List.copyOf(samplers);
        if (sizes.isEmpty() || samplers.isEmpty()) {
            throw new IllegalArgumentException("a picture model has at least one size and one sampler");
        }
    }
}
