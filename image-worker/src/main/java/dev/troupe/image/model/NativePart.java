package dev.troupe.image.model;

/** A part of a model that holds native memory, and gives it back without complaint. */
interface NativePart extends AutoCloseable {
    @Override
    void close();
}
