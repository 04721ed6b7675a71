package dev.troupe.router.refine;

import java.util.List;
import java.util.function.Function;

/**
 * A phrase and what it means.
 *
 * @param weight what reading a turn by it costs; of two readings that leave as many words over, the cheaper counts, of two as cheap the one
 *     whose rule stands first
 */
record Rule(Pattern pattern, int weight, Function<Pattern.Match, List<Edit>> meaning) {
    private static final int USUAL = 2;
    /** For phrases that many another one looks like. */
    private static final int LAST = 7;

    static Rule of(String pattern, Function<Pattern.Match, Edit> meaning) {
        return new Rule(Pattern.of(pattern), USUAL, meaning.andThen(List::of));
    }

    static Rule last(String pattern, Function<Pattern.Match, Edit> meaning) {
        return new Rule(Pattern.of(pattern), LAST, meaning.andThen(List::of));
    }
}
