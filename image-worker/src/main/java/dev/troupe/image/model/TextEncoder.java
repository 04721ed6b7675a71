package dev.troupe.image.model;

import dev.troupe.image.TextEmbedding;

/** What reads the texts of a model. Belongs to one thread at a time. */
sealed interface TextEncoder extends NativePart permits ClipTextEncoder, WordTextEncoder {
    /** Reads a text, as far as it fits; the answer says what does not. */
    TextEmbedding encode(String text);
}
