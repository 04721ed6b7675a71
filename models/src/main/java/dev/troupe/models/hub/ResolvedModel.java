package dev.troupe.models.hub;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A model on this machine.
 *
 * @param id its name in the API
 * @param path a GGUF file or a Hugging Face directory
 * @param licence of the weights; empty when unknown
 */
public record ResolvedModel(String id, Path path, String licence) {
    public ResolvedModel {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(licence, "licence");
    }
}
