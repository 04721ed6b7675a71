package dev.troupe.node;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.troupe.node.NamespaceNetwork.NotAllowed;
import org.junit.jupiter.api.Test;

/** A network split between three hosts with kernels' own networks: cables are pulled, and nobody is told. */
class NamespaceSplitTest {
    @Test
    void minorityRefusesMajorityGoesOnAndNothingIsServedTwice() throws Exception {
        try (SplitScenario pool = new SplitScenario(network())) {
            pool.start();
            pool.splitAndHeal(2);
            pool.splitAndHeal(0);
        }
    }

    private static SplitNetwork network() {
        try {
            return new NamespaceNetwork();
        } catch (NotAllowed e) {
            return abort("needs root, iproute2 and a kernel with network namespaces: " + e.getMessage());
        }
    }
}
