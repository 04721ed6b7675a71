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
    IMAGE_WORKER;

    /** All that text takes. */
    public static final Set<Role> ALL = Set.copyOf(EnumSet.of(ROUTER, BATCHER, WORKER));

    public static final Set<Role> WITH_PICTURES = Set.copyOf(EnumSet.allOf(Role.class));

    /** @return the role as the command line names it */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Set<String> names(Set<Role> roles) {
        return roles.stream().map(Role::word).collect(Collectors.toSet());
    }

    /** @return the same, each once */
    static Set<Role> checked(Collection<Role> roles) {
        return Set.copyOf(roles);
    }

    /** As the command line names it. */
    @Override
    public String toString() {
        return word();
    }
}
