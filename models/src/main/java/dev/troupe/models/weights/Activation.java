package dev.troupe.models.weights;

/** The gate of the feed-forward layer. */
public enum Activation {
    /** x * sigmoid(x). */
    SILU,
    /** 0.5 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))). */
    GELU_TANH
}
