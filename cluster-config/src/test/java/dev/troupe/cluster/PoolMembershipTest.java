package dev.troupe.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import org.junit.jupiter.api.Test;

class PoolMembershipTest {
    @Test
    void whoEndsDoesNotWaitForWhoCleansUpAfterAnother() throws InterruptedException {
        PoolMembership membership =
                new PoolMembership(Cluster.hazelcastConfig(Members.options("127.0.0.1", 18071, Discovery.ALONE)));
        Thread ends = new Thread(() -> membership.stateChanged(new LifecycleEvent(LifecycleState.SHUTTING_DOWN)));

        // As Vert.x does while it takes a member that is gone off its lists.
        synchronized (membership) {
            ends.start();
            ends.join(10_000);

            assertThat(ends.isAlive()).isFalse();
        }
    }
}
