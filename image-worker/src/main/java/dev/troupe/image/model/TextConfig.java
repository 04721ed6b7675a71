package dev.troupe.image.model;

/** What the rest of a model needs to know of its text encoder. */
public sealed interface TextConfig permits ClipConfig, WordTextConfig {
    /** Places of a text, used or not. */
    int positions();

    /** Width of one place. */
    int hidden();

    /** Width of the vector for the whole text; 0 where there is none. */
    int pooled();
}
