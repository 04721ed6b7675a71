package dev.troupe.bench.report;

import dev.troupe.bench.load.Exchange;

/**
 * What a user still finds quick: a request within both bounds is good.
 *
 * @param firstToken seconds from the request to the first token
 * @param perToken seconds a token after that, in the mean of the request
 */
public record Bounds(double firstToken, double perToken) {
    public Bounds {
        if (!(firstToken > 0) || !(perToken > 0)) {
            throw new IllegalArgumentException("bounds " + firstToken + ", " + perToken);
        }
    }

    boolean holds(Exchange exchange) {
        // An answer of one token has no time per token.
        return exchange.isDone() && exchange.firstToken() <= firstToken && !(exchange.secondsPerToken() > perToken);
    }
}
