package dev.troupe.router.http;

import io.vertx.core.Future;
import java.util.List;
import java.util.Set;

/** What an operator may ask of the pool, through any router. */
public interface PoolAdmin {
    /**
     * A process of the pool.
     *
     * @param id as the cluster names it
     * @param self whether it is the one that was asked
     */
    record Node(String id, String address, Set<String> roles, boolean self) {
        public Node {
            roles = Set.copyOf(roles);
        }
    }

    List<Node> nodes();

    /** @return whether everything that the pool remembers has its copy on another process, so that one may die */
    Future<Boolean> backupsAreWhole();

    /** @return false when no such process is in the pool; it moves or ends its work, and leaves */
    Future<Boolean> drain(String nodeId);
}
