package dev.troupe.node;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

/** A part that a process may have. */
public enum Role {
    /** Answers HTTP. */
    ROUTER,
    /** Plans the steps of a model. */
    BATCHER,
    /** Runs the steps of a model. */
    WORKER,
    /** Makes pictures. */
    IMAGE;

    public static final Set<Role> ALL = Set.copyOf(EnumSet.of(ROUTER, BATCHER, WORKER));

    /** @throws UserError when this release cannot run them in one process */
    static Set<Role> checked(Collection<Role> roles) {
        if (roles.contains(IMAGE)) {
            throw new UserError("the image role is not part of this release; choose from router, batcher, worker");
        }
        return Set.copyOf(roles);
    }
}
