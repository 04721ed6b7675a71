package dev.troupe.image.text;

import dev.troupe.cluster.message.TokenIds;

/**
 * A text as the encoder reads it.
 *
 * @param ids as many as the encoder has positions: a begin, the text, an end, padding
 * @param tokens how many the whole text has, without begin and end
 * @param left the end of the text, lower-cased, that did not fit; empty where all did
 */
public record Prompt(TokenIds ids, int tokens, String left) {
    /** Whether the picture will know nothing of the text's end. */
    public boolean isCut() {
        return !left.isEmpty();
    }

    /** What to tell whoever wrote the text; {@code name} is what they call it. */
    public String warning(String name) {
        return name + " has " + tokens + " tokens and the model reads the first " + (ids.size() - 2)
                + "; it does not see: \"" + left + "\". Say it shorter, or the most important first";
    }
}
