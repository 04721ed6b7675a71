package dev.troupe.router;

import java.util.function.BooleanSupplier;

/**
 * Whether somebody without a key is let in.
 *
 * <p>It depends on whether a key was ever made, other than the operator's own. Keys that are revoked or have expired count too: a pool that
 * has asked for keys once does not open again by itself.
 */
public enum AuthRule {
    /** On loopback: until the first key is made. */
    UNTIL_FIRST_KEY,
    /** Where others than this machine's users come by: never. */
    KEYS_ONLY,
    /** As the operator insists: always. A key that is shown all the same must be good. */
    ANYBODY;

    /**
     * @param loopback whether only this machine can reach the port
     * @param insecure whether the operator wants no keys
     */
    public static AuthRule of(boolean loopback, boolean insecure) {
        if (insecure) {
            return ANYBODY;
        }
        return loopback ? UNTIL_FIRST_KEY : KEYS_ONLY;
    }

    /** @return whether a request without a key is let in now */
    public boolean admitsWithoutKey(BooleanSupplier keysMade) {
        return switch (this) {
            case UNTIL_FIRST_KEY -> !keysMade.getAsBoolean();
            case KEYS_ONLY -> false;
            case ANYBODY -> true;
        };
    }

    /** @return whether anybody could be served, so that a process may listen */
    public boolean mayStart(BooleanSupplier keysMade) {
        return switch (this) {
            case UNTIL_FIRST_KEY, ANYBODY -> true;
            case KEYS_ONLY -> keysMade.getAsBoolean();
        };
    }
}
