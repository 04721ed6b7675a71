package dev.troupe.router.refine;

import java.util.Objects;

/**
 * A picture of a conversation.
 *
 * @param imageId of the picture
 * @param prompt complete, that it was made from
 * @param negativePrompt what it was not to show; may be empty
 * @param seed of its noise
 * @param words that the user asked for it with
 */
public record Turn(String imageId, String prompt, String negativePrompt, long seed, String words) {
    public Turn {
        Objects.requireNonNull(imageId);
        Objects.requireNonNull(prompt);
        Objects.requireNonNull(negativePrompt);
        Objects.requireNonNull(words);
    }

    /** Somebody's words are not for a log. */
    @Override
    public String toString() {
        return "Turn[" + imageId + "]";
    }
}
