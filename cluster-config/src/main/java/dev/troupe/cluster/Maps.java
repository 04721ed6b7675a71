package dev.troupe.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.MapConfig;

/** Every Hazelcast map of the pool, and how each is kept. Their names stand here and nowhere else. */
public final class Maps {
    /** Accepted requests and their tokens, by segment. */
    public static final String JOURNAL = "troupe.journal";

    /** Names that clients give their requests. */
    public static final String CLAIMS = "troupe.claims";

    /** What tenants have taken of their limits, by tenant. */
    public static final String LIMITS = "troupe.limits";

    /** Longer than any answer is kept after its end, so that only what was left behind goes this way. */
    private static final int JOURNAL_IDLE_SECONDS = 2 * 3600;

    private static final int CLAIM_SECONDS = 3600;

    /** The longest time in which a limit is whole again, and as much for a debt. */
    private static final int LIMITS_IDLE_SECONDS = 2 * 24 * 3600;

    private Maps() {}

    static void addTo(Config config) {
        config.addMapConfig(new MapConfig(JOURNAL)
                .setBackupCount(1)
                // Changed in place, many times a second.
                .setInMemoryFormat(InMemoryFormat.OBJECT)
                .setMaxIdleSeconds(JOURNAL_IDLE_SECONDS));
        config.addMapConfig(new MapConfig(CLAIMS).setBackupCount(1).setTimeToLiveSeconds(CLAIM_SECONDS));
        config.addMapConfig(new MapConfig(LIMITS)
                .setBackupCount(1)
                // Changed in place, twice a request.
                .setInMemoryFormat(InMemoryFormat.OBJECT)
                .setMaxIdleSeconds(LIMITS_IDLE_SECONDS));
    }
}
