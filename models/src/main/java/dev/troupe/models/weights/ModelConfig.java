package dev.troupe.models.weights;

import java.util.Objects;
import java.util.Optional;

/**
 * The shape of a decoder-only transformer, whichever format it came from.
 *
 * @param hidden width of the residual stream
 * @param heads query heads, a multiple of {@code kvHeads}
 * @param headDim elements of a head; heads * headDim may differ from hidden
 * @param ffn width of the feed-forward layer
 * @param contextLength tokens that the model was made for
 * @param rmsEps added to the mean square in every RMS norm
 * @param queryScale what the dot product of query and key is multiplied by
 * @param embeddingScale what an embedding is multiplied by on its way in
 * @param rope of the layers that see everything
 * @param slidingWindow the layers that do not, if any
 * @param tiedEmbeddings whether the head is the embedding; otherwise it is {@code output.weight}
 * @param qkvBias whether Q, K and V have biases
 */
public record ModelConfig(
        Architecture architecture,
        int layers,
        int hidden,
        int heads,
        int kvHeads,
        int headDim,
        int ffn,
        int vocab,
        int contextLength,
        float rmsEps,
        float queryScale,
        float embeddingScale,
        Rope rope,
        Optional<SlidingWindow> slidingWindow,
        boolean tiedEmbeddings,
        boolean qkvBias) {
    static final int MAX_LAYERS = 4096;

    /** Larger than any dimension of any model, and small enough that products of two fit a long with ease. */
    static final int MAX_SIZE = 1 << 24;

    public ModelConfig {
        Objects.requireNonNull(architecture);
        requireSize("the number of layers", layers, MAX_LAYERS);
        requireSize("the hidden size", hidden, MAX_SIZE);
        requireSize("the number of heads", heads, MAX_SIZE);
        requireSize("the number of key-value heads", kvHeads, heads);
        requireSize("the feed-forward size", ffn, MAX_SIZE);
        requireSize("the vocabulary size", vocab, MAX_SIZE);
        requireSize("the context length", contextLength, Integer.MAX_VALUE);
        requirePositive("the RMS epsilon", rmsEps);
        requirePositive("the query scale", queryScale);
        requirePositive("the embedding scale", embeddingScale);
        if (heads % kvHeads != 0) {
            throw new IllegalArgumentException(heads + " heads cannot share " + kvHeads + " key-value heads");
        }
        if ((long) heads * headDim > MAX_SIZE) {
            throw new IllegalArgumentException(heads + " heads of " + headDim + " elements are too many");
        }
        if (rope.dim() != headDim) {
            throw new IllegalArgumentException(
                    "rope turns " + rope.dim() + " of " + headDim + " elements of a head, which is not supported");
        }
    }

    /** Whether a layer sees only the {@link #slidingWindow}. */
    public boolean isLocal(int layer) {
        return slidingWindow.map(window -> window.layers().contains(layer)).orElse(false);
    }

    /** The rope of a layer. */
    public Rope rope(int layer) {
        return isLocal(layer) ? slidingWindow.orElseThrow().rope() : rope;
    }

    private static void requireSize(String what, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(what + " is " + value + ", not in 1 to " + most);
        }
    }

    private static void requirePositive(String what, float value) {
        if (!(value > 0) || Float.isInfinite(value)) {
            throw new IllegalArgumentException(what + " is " + value + ", not a positive number");
        }
    }
}
