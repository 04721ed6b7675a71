package dev.troupe.image.model;

import dev.troupe.models.weights.Json;

/**
 * Our own text encoder: a word is the sum of vectors for itself, if it is known, and for its runs of three letters, by their hash; a few
 * layers of attention over the words; and one vector for the whole text out of the first place.
 *
 * @param rows of the table of vectors; row 0 stands for nothing
 * @param parts at most of one word
 * @param positions the begin and the words
 * @param pooled width of the vector for the whole text
 */
public record WordTextConfig(
        int rows, int parts, int positions, int hidden, int intermediate, int heads, int layers, int pooled)
        implements TextConfig {
    /** What {@code text_encoder/config.json} names it. */
    public static final String NAME = "TroupeWordTextEncoder";

    /**
     * Reads {@code text_encoder/config.json}.
     *
     * @throws dev.troupe.models.ModelFormatException if a value is missing or impossible
     */
    public static WordTextConfig read(Json json) {
        var config = new WordTextConfig(
                Keys.count(json, "vocab_size", 1 << 22),
                Keys.count(json, "parts_per_word", 256),
                Keys.count(json, "max_position_embeddings", Keys.MAX_WIDTH),
                Keys.count(json, "hidden_size", Keys.MAX_WIDTH),
                Keys.count(json, "intermediate_size", Keys.MAX_WIDTH),
                Keys.count(json, "num_attention_heads", Keys.MAX_WIDTH),
                Keys.count(json, "num_hidden_layers", Keys.MAX_DEPTH),
                Keys.count(json, "projection_dim", Keys.MAX_WIDTH));
        Keys.divides(json, "num_attention_heads", config.heads, config.hidden);
        return config;
    }
}
