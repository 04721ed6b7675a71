package dev.troupe.cluster;

import java.util.List;
import java.util.Objects;

/**
 * How a process finds the others.
 *
 * @param host address that the others reach this process at; the cluster's ports bind to it and nothing else
 * @param port of the cluster; when it is taken and {@code portMayMove}, the next free one of a hundred
 * @param portMayMove false when the user named the port
 * @param join {@code host:port} of members to look for; empty: this process is alone until others join it
 * @param name only members of the same name become one cluster
 */
public record ClusterOptions(String host, int port, boolean portMayMove, List<String> join, String name) {
    public static final int DEFAULT_PORT = 5701;

    public ClusterOptions {
        Objects.requireNonNull(host);
        Objects.requireNonNull(name);
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("cluster port must be between 1 and 65535, not " + port);
        }
        join = List.copyOf(join);
        for (String member : join) {
            if (!member.matches("[^:\\s]+(:\\d{1,5})?|\\[[0-9a-fA-F:.]+](:\\d{1,5})?")) {
                throw new IllegalArgumentException("--join takes host:port, not \"" + member + "\"");
            }
        }
    }

    /** A process of its own on loopback. */
    public static ClusterOptions loopback() {
        return new ClusterOptions("127.0.0.1", DEFAULT_PORT, true, List.of(), "troupe");
    }
}
