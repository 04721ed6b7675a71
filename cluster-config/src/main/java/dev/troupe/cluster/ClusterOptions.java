package dev.troupe.cluster;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a process finds the others, and how they reach it.
 *
 * @param host address that the cluster's ports bind to, and nothing else
 * @param port of the cluster; when it is taken and {@code portMayMove}, the next free one of a hundred
 * @param portMayMove false when the user named the port
 * @param publicAddress where the others reach the port of the cluster, where that is not {@code host} and {@code port}
 * @param bus the event bus's own port
 * @param discovery of the others
 * @param losses when others are taken for lost, and how many may be
 * @param name only members of the same name, and the same password, become one cluster
 * @param password empty: whoever reaches the port may join
 */
public record ClusterOptions(
        String host,
        int port,
        boolean portMayMove,
        Optional<HostPort> publicAddress,
        Bus bus,
        Discovery discovery,
        Losses losses,
        String name,
        Optional<String> password) {
    public static final int DEFAULT_PORT = 5701;

    /**
     * The port that messages come to.
     *
     * @param port 0: any free one
     * @param publicAddress where the others reach it, where that is not this process's host and {@code port}
     * @param tls empty: in the clear
     */
    public record Bus(int port, Optional<HostPort> publicAddress, Optional<BusTls> tls) {
        public static final Bus DEFAULT = new Bus(0, Optional.empty(), Optional.empty());

        public Bus {
            if (port < 0 || port > 65535) {
                throw new IllegalArgumentException(
                        "--bus-port must be between 0 (any free one) and 65535, not " + port);
            }
            publicAddress.ifPresent(address -> withPort("--bus-public", address));
            requireNonNull(tls);
        }
    }

    /**
     * What silence and a split mean.
     *
     * @param expectedNodes see {@link Majority}
     * @param silence after which a process whose connections are open is taken for hung; whole seconds
     */
    public record Losses(int expectedNodes, Duration silence) {
        public static final Losses DEFAULT = new Losses(0, Duration.ofSeconds(3));

        public Losses {
            Majority.checked(expectedNodes);
            if (silence.toSeconds() < 2 || silence.toSeconds() > 300) {
                throw new IllegalArgumentException(
                        "--hang-timeout must be between 2 and 300 seconds, not " + silence.toSeconds());
            }
        }

        public static Losses expecting(int nodes) {
            return new Losses(nodes, DEFAULT.silence);
        }
    }

    public ClusterOptions {
        requireNonNull(host);
        requireNonNull(bus);
        requireNonNull(discovery);
        requireNonNull(losses);
        requireNonNull(name);
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("cluster port must be between 1 and 65535, not " + port);
        }
        publicAddress.ifPresent(address -> withPort("--cluster-public", address));
        if (password.isPresent() && password.get().isBlank()) {
            throw new IllegalArgumentException("the cluster's password is empty; give it one, or leave it out");
        }
    }

    /** On a network of its own: nothing to protect, nothing to translate. */
    public ClusterOptions(String host, int port, boolean portMayMove, List<String> join, String name) {
        this(
                host,
                port,
                portMayMove,
                Optional.empty(),
                Bus.DEFAULT,
                new Discovery.Members(join.stream()
                        .map(member -> HostPort.parse("--join", member))
                        .toList()),
                Losses.DEFAULT,
                name,
                Optional.empty());
    }

    private static void withPort(String option, HostPort address) {
        if (address.port().isEmpty()) {
            throw new IllegalArgumentException(option + " takes host:port, not \"" + address + "\"");
        }
    }

    /** A process of its own on loopback. */
    public static ClusterOptions loopback() {
        return new ClusterOptions("127.0.0.1", DEFAULT_PORT, true, List.of(), "troupe");
    }

    /** @return the name that members compare; whoever knows it may join, so it is as secret as the password */
    String secretName() {
        return password.map(secret -> ClusterName.of(name, secret)).orElse(name);
    }

    @Override
    public String toString() {
        return name + " at " + host + ":" + port;
    }
}
