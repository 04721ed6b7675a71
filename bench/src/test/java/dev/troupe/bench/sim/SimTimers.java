package dev.troupe.bench.sim;

import dev.troupe.batcher.sim.SimNetwork;
import dev.troupe.router.generate.Pool;

/** Timers of one process. */
record SimTimers(SimNetwork network, SimProcess process) implements Pool.Timers {
    @Override
    public void after(long millis, Runnable task) {
        network.at(millis, () -> process.run(task));
    }

    @Override
    public void run(Runnable task) {
        process.run(task);
    }
}
