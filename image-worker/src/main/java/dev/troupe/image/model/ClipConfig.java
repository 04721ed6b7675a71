package dev.troupe.image.model;

import dev.troupe.models.weights.Json;

/**
 * A CLIP text encoder.
 *
 * @param quickGelu whether the activation is {@code x * sigmoid(1.702 x)} and not the exact one
 * @param skip how many of the last layers are not used
 */
public record ClipConfig(
        int vocab,
        int hidden,
        int intermediate,
        int heads,
        int layers,
        int positions,
        double layerEps,
        boolean quickGelu,
        int skip)
        implements TextConfig {

    /**
     * Reads {@code text_encoder/config.json}.
     *
     * @throws dev.troupe.models.ModelFormatException if a value is missing, impossible or not supported
     */
    public static ClipConfig read(Json json) {
        Keys.only(json, "use_attention_mask", false);
        String activation = json.string("hidden_act").orElse("quick_gelu");
        if (!activation.equals("quick_gelu") && !activation.equals("gelu")) {
            throw Keys.refused(json, "hidden_act", "'" + activation + "'");
        }
        int hidden = Keys.count(json, "hidden_size", Keys.MAX_WIDTH);
        int heads = Keys.count(json, "num_attention_heads", Keys.MAX_WIDTH);
        int layers = Keys.count(json, "num_hidden_layers", Keys.MAX_DEPTH);
        int skip = json.natural("clip_skip").orElse(0);
        Keys.divides(json, "num_attention_heads", heads, hidden);
        if (skip >= layers) {
            throw json.wrong("clip_skip", "is " + skip + " and there are " + layers + " layers");
        }
        int positions = Keys.count(json, "max_position_embeddings", Keys.MAX_WIDTH);
        if (positions < 3) {
            throw json.wrong("max_position_embeddings", "leaves no room for a text");
        }
        return new ClipConfig(
                Keys.count(json, "vocab_size", 1 << 22),
                hidden,
                Keys.count(json, "intermediate_size", Keys.MAX_WIDTH),
                heads,
                layers,
                positions,
                json.number("layer_norm_eps").orElse(1e-5),
                activation.equals("quick_gelu"),
                skip);
    }

    @Override
    public int pooled() {
        return 0;
    }
}
