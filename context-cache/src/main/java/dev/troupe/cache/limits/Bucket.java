package dev.troupe.cache.limits;

import dev.troupe.cache.limits.RateLimits.Standing;
import dev.troupe.cache.limits.RateLimits.Verdict;

/**
 * A token bucket, told by what is missing in it: that is nothing at first, whatever the limit, and stays what it is when the limit changes.
 *
 * @param taken at {@code atMillis}; beyond the limit where more was used than was there
 */
public record Bucket(double taken, long atMillis) {
    static final Bucket WHOLE = new Bucket(0, 0);

    /** What arithmetic may lose, so that who comes back when he was told to is not a billionth of a token short. */
    private static final double ROUNDING = 1e-6;

    private double takenAt(Rate rate, long nowMillis) {
        return Math.max(0, taken - rate.in(nowMillis - atMillis));
    }

    /** @param amount that is taken; less than nothing comes back, though never to more than the whole */
    Bucket take(long amount, Rate rate, long nowMillis) {
        return new Bucket(Math.max(0, takenAt(rate, nowMillis) + amount), nowMillis);
    }

    /** @return until the amount is there: 0, if it is, or {@link Verdict#NEVER} */
    long waitMillis(long amount, Rate rate, long nowMillis) {
        if (amount == 0) {
            return 0;
        }
        if (amount > rate.limit()) {
            return Verdict.NEVER;
        }
        double missing = takenAt(rate, nowMillis) + amount - rate.limit();
        return missing <= ROUNDING ? 0 : rate.millisFor(missing);
    }

    Standing standing(Rate rate, long nowMillis) {
        double missing = takenAt(rate, nowMillis);
        long remaining = Math.max(0, (long) Math.floor(rate.limit() - missing + ROUNDING));
        return new Standing(rate.limit(), remaining, missing == 0 ? 0 : rate.millisFor(missing));
    }
}
