package dev.troupe.bench.sim;

import dev.troupe.batcher.sim.SimNetwork;
import java.util.function.Consumer;

/** Whether the process that something lives in runs, hangs or is dead. What comes to one that hangs is handled when it wakes. */
final class SimProcess {
    private final SimNetwork network;
    private long wakesAt;
    private boolean dead;

    SimProcess(SimNetwork network) {
        this.network = network;
    }

    void die() {
        dead = true;
    }

    void hang(long millis) {
        wakesAt = network.now() + millis;
    }

    boolean isDead() {
        return dead;
    }

    /** Does it now, or on waking, or never. */
    void run(Runnable task) {
        if (dead) {
            return;
        }
        if (wakesAt > network.now()) {
            network.at(wakesAt - network.now(), () -> run(task));
        } else {
            task.run();
        }
    }

    <T> Consumer<T> handler(Consumer<T> handler) {
        return message -> run(() -> handler.accept(message));
    }
}
