package dev.troupe.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.config.Config;
import com.hazelcast.config.MapConfig;
import com.hazelcast.spi.merge.DiscardMergePolicy;
import com.hazelcast.splitbrainprotection.SplitBrainProtectionException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SplitPolicyTest {
    @Test
    void ourMapsAreNeitherReadNorWrittenWithoutTheMajority() {
        try (Members members = new Members()) {
            Cluster first = members.start(Members.with(Members.options("127.0.0.1", 17701, Discovery.ALONE), 3, "p"));
            Map<String, String> ours = first.hazelcast().getMap("troupe.test");
            Map<String, String> vertx = first.hazelcast().getMap("__vertx.test");

            assertThat(first.majority().isHeld()).isFalse();
            assertThatThrownBy(() -> ours.put("a", "1")).isInstanceOf(SplitBrainProtectionException.class);
            assertThatThrownBy(() -> ours.get("a")).isInstanceOf(SplitBrainProtectionException.class);
            vertx.put("a", "1");

            members.start(Members.with(Members.options("127.0.0.1", 17731, Members.at(first)), 3, "p"));
            Members.until("majority", () -> first.majority().isHeld());
            Members.until("a map to write to", () -> put(ours));
            assertThat(ours.get("a")).isEqualTo("2");
        }
    }

    private static boolean put(Map<String, String> map) {
        try {
            map.put("a", "2");
            return true;
        } catch (SplitBrainProtectionException e) {
            return false; // Hazelcast counts for itself
        }
    }

    @Test
    void everyMapOfOursKeepsTheMajoritysStateWhenTwoSidesMeet() {
        Config config = new Config();
        config.addMapConfig(new MapConfig("troupe.journal").setBackupCount(1));
        config.addMapConfig(new MapConfig("other"));

        SplitPolicy.applyTo(config, ClusterOptions.Losses.expecting(5));

        for (String ours : List.of("troupe.journal", "troupe.any")) {
            MapConfig map = config.findMapConfig(ours);
            assertThat(map.getMergePolicyConfig().getPolicy()).isEqualTo(DiscardMergePolicy.class.getName());
            assertThat(config.getSplitBrainProtectionConfig(map.getSplitBrainProtectionName())
                            .getMinimumClusterSize())
                    .isEqualTo(3);
        }
        assertThat(config.findMapConfig("other").getSplitBrainProtectionName()).isNull();
    }

    @Test
    void withoutExpectedNodesAloneIsEnough() {
        try (Members members = new Members()) {
            Cluster alone = members.start(Members.options("127.0.0.1", 17761, Discovery.ALONE));
            alone.hazelcast().getMap("troupe.test").put("a", "1");

            assertThat(alone.majority().isHeld()).isTrue();
            assertThat(alone.hazelcast().getMap("troupe.test").get("a")).isEqualTo("1");
        }
    }
}
