package dev.troupe.models.hub;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What the catalogue knows of a model.
 *
 * @param id the name to ask for
 * @param bytes of the model file
 * @param path where it is on this machine; empty when it is not downloaded
 */
public record ModelStatus(String id, String description, long bytes, String licence, Optional<Path> path) {}
