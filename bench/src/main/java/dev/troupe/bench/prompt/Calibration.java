package dev.troupe.bench.prompt;

import java.util.function.IntUnaryOperator;

/**
 * How a server counts our words.
 *
 * @param base tokens of a prompt of one word, chat template included
 * @param perWord tokens that each further word adds
 */
public record Calibration(double base, double perWord) {
    private static final int CORRECTIONS = 2;

    /**
     * Asks for a few prompts and finds the length that gives the wanted number of tokens.
     *
     * @param target tokens of a whole prompt
     * @param tokensOf asks the server how many tokens a new prompt of so many words is
     */
    public static Calibration measure(int target, IntUnaryOperator tokensOf) {
        double base = tokensOf.applyAsInt(1);
        if (target <= base + 1) {
            return new Calibration(base, 1);
        }
        // Half way, not all of it: words may be several tokens each, and the whole may not fit the server's context.
        int words = Math.max(2, target / 2);
        Calibration found = new Calibration(base, slope(base, words, tokensOf));
        for (int i = 0; i < CORRECTIONS && found.words(target) > 1; i++) {
            found = new Calibration(base, slope(base, found.words(target), tokensOf));
        }
        return found;
    }

    private static double slope(double base, int words, IntUnaryOperator tokensOf) {
        return Math.max(0.1, (tokensOf.applyAsInt(words) - base) / (words - 1));
    }

    /** @return how many words make about so many tokens, at least one */
    public int words(int tokens) {
        return (int) Math.max(1, Math.round(1 + (tokens - base) / perWord));
    }
}
