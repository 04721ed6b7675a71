package dev.troupe.worker.sampling;

/** One row of logits, of which the head is at hand and the rest can be had. Valid while the step's output is open. */
public interface Distribution {
    /** The likeliest tokens. */
    Ranking head();

    /** Logarithm of the sum over the vocabulary of exp(logit / temperature); of exp(logit) for the model's own distribution. */
    float logSum();

    /** Every token's logit: [vocab]. */
    float[] logits();
}
