package dev.troupe.cache.shared;

/**
 * Whether fetching a prefix beats computing it, by what this replica has measured of both. It starts with a guess that favours fetching,
 * and now and then says yes against its own numbers, so that a bad day is not believed for ever.
 */
public final class FetchEstimate {
    private static final double WEIGHT_OF_NEWEST = 0.2;
    private static final int REFUSALS_TO_TRY = 16;
    private static final double GUESSED_COMPUTE_MILLIS_A_TOKEN = 1;
    private static final double GUESSED_FETCH_MILLIS = 2;
    private static final double GUESSED_FETCH_MILLIS_A_TOKEN = 0.05;

    private double computeMillisAToken = GUESSED_COMPUTE_MILLIS_A_TOKEN;
    private double fetchMillis = GUESSED_FETCH_MILLIS;
    private double fetchMillisAToken = GUESSED_FETCH_MILLIS_A_TOKEN;
    private boolean computed;
    private int refusals;

    /** So many tokens of prompts went through the model in that time. */
    public void computed(int tokens, double millis) {
        double each = millis / tokens;
        computeMillisAToken = computed ? moved(computeMillisAToken, each) : each;
        computed = true;
    }

    /**
     * A fetch has ended.
     *
     * @param tokens that it brought; 0 measures what asking costs
     */
    public void fetched(int tokens, double millis) {
        if (tokens == 0) {
            fetchMillis = moved(fetchMillis, millis);
        } else {
            fetchMillisAToken = moved(fetchMillisAToken, Math.max(0, millis - fetchMillis) / tokens);
        }
    }

    private static double moved(double average, double newest) {
        return average + WEIGHT_OF_NEWEST * (newest - average);
    }

    /** Whether to fetch so many tokens. Counts the refusals, so ask only when it is meant. */
    public boolean isWorthFetching(int tokens) {
        if (fetchMillis(tokens) < computeMillis(tokens)) {
            return true;
        }
        refusals = (refusals + 1) % REFUSALS_TO_TRY;
        return refusals == 0;
    }

    public double computeMillis(int tokens) {
        return computeMillisAToken * tokens;
    }

    public double fetchMillis(int tokens) {
        return fetchMillis + fetchMillisAToken * tokens;
    }
}
