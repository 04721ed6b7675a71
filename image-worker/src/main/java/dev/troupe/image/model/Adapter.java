package dev.troupe.image.model;

import java.nio.file.Path;
import java.util.Objects;

/**
 * An adapter to be merged into a model.
 *
 * @param file its weights as safetensors
 * @param strength 0 leaves the model as it is, 1 is as trained
 */
public record Adapter(Path file, double strength) {
    public Adapter {
        Objects.requireNonNull(file, "file");
        if (!Double.isFinite(strength) || Math.abs(strength) > 100) {
            throw new IllegalArgumentException("strength " + strength + " of adapter " + file + ": say -100 to 100");
        }
    }
}
