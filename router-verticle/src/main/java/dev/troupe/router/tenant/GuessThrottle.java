package dev.troupe.router.tenant;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts wrong keys by the address that they come from. A good key is never held up: its 256 random bits cannot be guessed, and others
 * may share the address with whoever tries.
 */
final class GuessThrottle {
    /** Wrong keys of an address before it is held up. */
    static final int BURST = 20;
    /** After which one more is allowed. */
    static final long MILLIS_EACH = 3_000;
    /** Addresses that are remembered at most; the longest silent is forgotten first. */
    static final int MOST_ADDRESSES = 10_000;

    private final Map<String, Guesses> byAddress = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Guesses> eldest) {
            return size() > MOST_ADDRESSES;
        }
    };

    /**
     * A bucket that every guess takes from.
     *
     * @param left at {@code at}
     */
    private record Guesses(double left, long at) {
        Guesses at(long now) {
            double refilled = Math.min(BURST, left + (double) Math.max(0, now - at) / MILLIS_EACH);
            return new Guesses(refilled, now);
        }
    }

    /**
     * Somebody has tried a wrong key.
     *
     * @return milliseconds until the next try is listened to; 0: at once
     */
    long wrong(String address, long now) {
        Guesses guesses =
                byAddress.getOrDefault(address, new Guesses(BURST, now)).at(now);
        double left = Math.max(0, guesses.left() - 1);
        byAddress.put(address, new Guesses(left, now));
        return guesses.left() >= 1 ? 0 : (long) Math.ceil((1 - guesses.left()) * MILLIS_EACH);
    }
}
