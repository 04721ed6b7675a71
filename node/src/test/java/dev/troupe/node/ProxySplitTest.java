package dev.troupe.node;

import org.junit.jupiter.api.Test;

/** A network split between real processes, by proxies in user space, so that it needs no rights. */
class ProxySplitTest {
    @Test
    void minorityRefusesMajorityGoesOnAndNothingIsServedTwice() throws Exception {
        try (SplitScenario pool = new SplitScenario(new ProxyNetwork())) {
            pool.start();
            pool.splitAndHeal(2);
            pool.splitAndHeal(0);
        }
    }
}
