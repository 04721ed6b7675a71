package dev.troupe.router.http;

/** Log-probabilities in JSON, which has no infinity. */
final class Logprobs {
    /** What OpenAI says for a token that is as good as impossible. */
    private static final float LEAST = -9999;

    private Logprobs() {}

    static float finite(float logprob) {
        return logprob > LEAST ? logprob : LEAST;
    }
}
