package dev.troupe.cluster.tenant;

import static java.util.Objects.requireNonNull;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * One of those who share the pool.
 *
 * @param name letters, digits, {@code . _ -}; never changes
 * @param weight its share when the pool is full, as a ratio to the others'; from 1 to {@value #MOST_WEIGHT}
 * @param priority of its requests, unless they ask for less
 * @param models ids that it may use; empty: all of them
 * @param logging what is written down of its requests
 * @param createdAt seconds since 1970
 */
public record Tenant(
        String name,
        int weight,
        Priority priority,
        Limits limits,
        Set<String> models,
        Logging logging,
        long createdAt) {
    /** Everybody, as long as there are no keys. */
    public static final String LOCAL = "local";

    public static final int MOST_WEIGHT = 10_000;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    /** How much of a request is written down, with the tenant's consent. */
    public enum Logging {
        OFF,
        /** Who, when, what model, how many tokens, how it ended. */
        METADATA,
        /** That, and what was asked and answered. */
        FULL
    }

    public Tenant {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a tenant's name has 1 to 63 letters, digits, '.', '_' or '-', and begins with a letter or digit; \""
                            + name + "\" does not");
        }
        if (weight < 1 || weight > MOST_WEIGHT) {
            throw new IllegalArgumentException("a weight is from 1 to " + MOST_WEIGHT + ", not " + weight);
        }
        requireNonNull(priority);
        requireNonNull(limits);
        models = Set.copyOf(models);
        requireNonNull(logging);
    }

    /** One without limits. */
    public static Tenant named(String name, long createdAt) {
        return new Tenant(name, 1, Priority.STANDARD, Limits.NONE, Set.of(), Logging.METADATA, createdAt);
    }
}
