package dev.troupe.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.config.SplitBrainProtectionConfig;
import com.hazelcast.spi.merge.DiscardMergePolicy;
import com.hazelcast.splitbrainprotection.SplitBrainProtectionOn;

/** What Hazelcast does about a member that is not heard of, and about two sides that find each other again. */
final class SplitPolicy {
    /** Our maps, as told from Vert.x's. */
    private static final String OURS = "troupe.";

    private static final String PROTECTION = "majority";

    private SplitPolicy() {}

    static void applyTo(Config config, ClusterOptions.Losses losses) {
        Majority majority = new Majority(losses.expectedNodes());
        // A killed process is seen by its closed socket; these are for one that hangs and for a cut cable, which only
        // silence tells. Both are looked at once a second, so three seconds are between two and four.
        config.setProperty("hazelcast.heartbeat.interval.seconds", "1");
        config.setProperty(
                "hazelcast.max.no.heartbeat.seconds",
                Long.toString(losses.silence().toSeconds()));
        // What a member has forgotten that was asked of it, as one does that was taken for dead for a moment, is given
        // up
        // after twice this, and asked again; requests wait for it. An operation that runs says so, however long it
        // takes.
        config.setProperty("hazelcast.operation.call.timeout.millis", "10000");
        // hazelcast.mastership.claim.timeout.seconds is better left alone: when the oldest member is lost, the next one
        // asks
        // the others as many times as this has seconds, and takes for lost who has not yet noticed himself.
        // How often the sides of a split look for each other.
        config.setProperty("hazelcast.merge.first.run.delay.seconds", "3");
        config.setProperty("hazelcast.merge.next.run.delay.seconds", "3");
        if (majority.isAsked()) {
            config.addSplitBrainProtectionConfig(new SplitBrainProtectionConfig(PROTECTION, true, majority.needed())
                    .setProtectOn(SplitBrainProtectionOn.READ_WRITE));
        }
        config.getMapConfig(OURS + "*");
        config.getMapConfigs().values().stream()
                .filter(map -> map.getName().startsWith(OURS))
                .forEach(map -> guard(map, majority));
    }

    private static void guard(MapConfig map, Majority majority) {
        map.setMergePolicyConfig(new MergePolicyConfig().setPolicy(DiscardMergePolicy.class.getName()));
        if (majority.isAsked()) {
            map.setSplitBrainProtectionName(PROTECTION);
        }
    }
}
