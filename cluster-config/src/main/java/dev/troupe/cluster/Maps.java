package dev.troupe.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.EvictionConfig;
import com.hazelcast.config.EvictionPolicy;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MaxSizePolicy;

/** Every Hazelcast map of the pool, and how each is kept. Their names stand here and nowhere else. */
public final class Maps {
    /** Accepted requests and their tokens, by segment. */
    public static final String JOURNAL = "troupe.journal";

    /** Names that clients give their requests. */
    public static final String CLAIMS = "troupe.claims";

    /** What tenants have taken of their limits, by tenant. */
    public static final String LIMITS = "troupe.limits";

    /** Accepted orders of pictures, by id. */
    public static final String PICTURE_ORDERS = "troupe.picture-orders";

    /** Finished pictures of a pool without a database, by id. */
    public static final String PICTURES = "troupe.pictures";

    /** What those pictures are, by id. */
    public static final String PICTURE_HEADS = "troupe.picture-heads";

    private static final int PICTURE_SECONDS = 3600;

    /** Of each process, copies included; the least used go first. */
    public static final int PICTURE_MEGABYTES = 128;

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
        config.addMapConfig(new MapConfig(PICTURE_ORDERS).setBackupCount(1).setInMemoryFormat(InMemoryFormat.OBJECT));
        config.addMapConfig(new MapConfig(PICTURES)
                .setBackupCount(1)
                .setTimeToLiveSeconds(PICTURE_SECONDS)
                .setEvictionConfig(new EvictionConfig()
                        .setEvictionPolicy(EvictionPolicy.LRU)
                        .setMaxSizePolicy(MaxSizePolicy.USED_HEAP_SIZE)
                        .setSize(PICTURE_MEGABYTES)));
        config.addMapConfig(new MapConfig(PICTURE_HEADS).setBackupCount(1).setTimeToLiveSeconds(PICTURE_SECONDS));
        config.addMapConfig(new MapConfig(CLAIMS).setBackupCount(1).setTimeToLiveSeconds(CLAIM_SECONDS));
        config.addMapConfig(new MapConfig(LIMITS)
                .setBackupCount(1)
                // Changed in place, twice a request.
                .setInMemoryFormat(InMemoryFormat.OBJECT)
                .setMaxIdleSeconds(LIMITS_IDLE_SECONDS));
    }
}
