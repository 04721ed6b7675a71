package dev.troupe.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this process sees more than half of the nodes that its pool is expected to have. When the network splits, one side at most
 * does, and only that side may go on.
 *
 * <p>Pure: somebody tells it how many members there are, from any thread; whoever listens is told of each change, once and in order, on
 * the thread that brought it.
 */
public final class Majority {
    private static final Logger log = LoggerFactory.getLogger(Majority.class);
    private static final int FEWEST_NODES = 3;

    private final int expectedNodes;
    private final List<Consumer<Boolean>> listeners = new ArrayList<>();
    private int members;
    private int mostMembers;
    private boolean held;

    /**
     * @param expectedNodes processes that the pool has when it is whole; 0: no protection, whoever is there may go on
     * @throws IllegalArgumentException for so few that no side could be told from the other
     */
    public Majority(int expectedNodes) {
        this.expectedNodes = checked(expectedNodes);
        this.mostMembers = expectedNodes;
        this.held = expectedNodes == 0;
    }

    static int checked(int expectedNodes) {
        if (expectedNodes < 0 || (expectedNodes > 0 && expectedNodes < FEWEST_NODES)) {
            throw new IllegalArgumentException("--expected-nodes must be 3 or more, not " + expectedNodes
                    + ": of two nodes neither is more than half, so the loss of one would stop the other;"
                    + " leave it out and the pool has no protection against a split");
        }
        return expectedNodes;
    }

    /** @return whether there is a majority to lose */
    public boolean isAsked() {
        return expectedNodes > 0;
    }

    /** @return how many nodes are more than half of those expected */
    public int needed() {
        return expectedNodes / 2 + 1;
    }

    /** @param now how many members this process sees, itself included */
    public synchronized void seen(int now) {
        members = now;
        if (isAsked() && now > mostMembers) {
            mostMembers = now;
            log.warn(
                    "{} nodes are here and {} are expected: two sides of a split could both be a majority."
                            + " Give every node --expected-nodes {}",
                    now,
                    expectedNodes,
                    now);
        }
        boolean holds = !isAsked() || now >= needed();
        if (holds != held) {
            held = holds;
            log.warn("{} the majority: {}", holds ? "Have" : "Lost", this);
            listeners.forEach(listener -> listener.accept(holds));
        }
    }

    /** @return whether this process may go on */
    public synchronized boolean isHeld() {
        return held;
    }

    /** @param listener told at once whether the majority is held, and again whenever that changes; must not block */
    public synchronized void listen(Consumer<Boolean> listener) {
        listeners.add(listener);
        listener.accept(held);
    }

    @Override
    public synchronized String toString() {
        return members + " of " + expectedNodes + " nodes, " + needed() + " are needed";
    }
}
