package dev.troupe.node;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

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

    /** @return the role as the command line names it */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Set<String> names(Set<Role> roles) {
        return roles.stream().map(Role::word).collect(Collectors.toSet());
    }

    /** @throws UserError when this release cannot run them in one process */
    static Set<Role> checked(Collection<Role> roles) {
        if (roles.contains(IMAGE)) {
            throw new UserError("the image role is not part of this release; choose from router, batcher, worker");
        }
        return Set.copyOf(roles);
    }
}
