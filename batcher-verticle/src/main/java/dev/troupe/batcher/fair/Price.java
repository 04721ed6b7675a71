package dev.troupe.batcher.fair;

/** What a token costs who asked for it, see {@code docs/fairness.md}. */
public final class Price {
    /** A token of a prompt that is computed: w_p of arXiv 2401.00588. */
    public static final double PROMPT = 1;

    /** A token of an answer: w_q of the paper. It takes a whole step with few others, where those of a prompt go through together. */
    public static final double GENERATED = 2;

    /** A token of a prompt that is cached: copied and not computed, which takes about a hundredth of the time. */
    public static final double CACHED = 0.01;

    private Price() {}

    /** @param cached tokens of the prompt that need not be computed */
    public static double ofPrompt(int tokens, int cached) {
        return PROMPT * (tokens - cached) + CACHED * cached;
    }
}
