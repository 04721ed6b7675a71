package dev.troupe.router.api;

import dev.troupe.cluster.picture.PictureOutput.Background;
import dev.troupe.cluster.picture.PictureType;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What is asked for, before it is known of which model: what is not said is what the model does usually.
 *
 * @param size empty: the model's usual one
 * @param quality 1 to 100, of formats that lose something
 */
public record PictureRequest(
        Optional<String> model,
        String prompt,
        Optional<String> negativePrompt,
        int count,
        Optional<String> size,
        OptionalInt steps,
        OptionalDouble guidance,
        Optional<String> sampler,
        OptionalLong seed,
        OptionalDouble strength,
        PictureType type,
        int quality,
        Background background,
        Talk talk,
        Telling telling) {

    /**
     * What was made before.
     *
     * @param previous id of a picture
     * @param conversation id
     */
    public record Talk(Optional<String> previous, Optional<String> conversation) {
        public boolean isOne() {
            return previous.isPresent() || conversation.isPresent();
        }
    }

    /**
     * How the answer is told.
     *
     * @param content whether it holds the picture itself
     * @param stream whether it comes in events
     * @param previews how many pictures of the way are wanted
     * @param waits whether the answer waits for the picture; else it says where to look
     */
    public record Telling(boolean content, boolean stream, int previews, boolean waits) {}

    public PictureRequest {
        Objects.requireNonNull(prompt);
        Objects.requireNonNull(type);
        Objects.requireNonNull(background);
        Objects.requireNonNull(talk);
        Objects.requireNonNull(telling);
    }

    /** Somebody's words are not for a log. */
    @Override
    public String toString() {
        return "PictureRequest[" + count + " of " + model.orElse("-") + "]";
    }
}
