package dev.troupe.cluster;

import com.hazelcast.cluster.InitialMembershipEvent;
import com.hazelcast.cluster.InitialMembershipListener;
import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.config.Config;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.core.HazelcastInstance;
import dev.troupe.cluster.wire.Codecs;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.ConfigUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** A Vert.x that is a member of the pool: unicast discovery, no multicast, bound to the one address it is told. */
public final class Cluster {
    private static final String NODE_ID_ATTRIBUTE = "__vertx.nodeId";
    private static final String ROLES_ATTRIBUTE = "troupe.roles";
    private static final Pattern COMMA = Pattern.compile(",");

    private final Vertx vertx;
    private final PoolMembership membership;
    private final Majority majority;
    private final List<Consumer<String>> nodeLeftListeners = new CopyOnWriteArrayList<>();

    private Cluster(Vertx vertx, PoolMembership membership, Majority majority) {
        this.vertx = vertx;
        this.membership = membership;
        this.majority = majority;
    }

    /**
     * Starts the member and joins; about a second. The future fails when the port is taken or a member speaks another protocol, and with a
     * {@link CutOffException} when it should try again.
     */
    public static Future<Cluster> start(ClusterOptions options, VertxOptions vertxOptions) {
        return start(options, vertxOptions, Set.of(), List.of());
    }

    /**
     * @param roles what this process is, for the others to see
     * @param keepers each says how Hazelcast shall keep what is its own: maps and serializers; the same on every member
     */
    public static Future<Cluster> start(
            ClusterOptions options, VertxOptions vertxOptions, Set<String> roles, List<Consumer<Config>> keepers) {
        Majority majority = new Majority(options.losses().expectedNodes());
        Config config = hazelcastConfig(options, keepers);
        config.getMemberAttributeConfig().setAttribute(ROLES_ATTRIBUTE, String.join(",", new TreeSet<>(roles)));
        PoolMembership membership = new PoolMembership(config);
        return Vertx.builder()
                .with(vertxOptions.setEventBusOptions(busOptions(options)))
                .withClusterManager(membership)
                .buildClustered()
                .recover(failure -> Future.failedFuture(explained(membership, failure)))
                .map(vertx -> {
                    Codecs.registerAll(vertx.eventBus());
                    Cluster cluster = new Cluster(vertx, membership, majority);
                    cluster.watchMembers();
                    return cluster;
                });
    }

    private static EventBusOptions busOptions(ClusterOptions options) {
        ClusterOptions.Bus bus = options.bus();
        EventBusOptions eventBus = new EventBusOptions()
                .setHost(options.host())
                .setPort(bus.port())
                .setClusterPublicHost(
                        options.publicAddress().map(HostPort::host).orElse(options.host()));
        bus.publicAddress().ifPresent(address -> eventBus.setClusterPublicHost(address.host())
                .setClusterPublicPort(address.port().orElseThrow()));
        bus.tls().ifPresent(tls -> tls.applyTo(eventBus));
        return eventBus;
    }

    static Config hazelcastConfig(ClusterOptions options) {
        return hazelcastConfig(options, List.of());
    }

    private static Config hazelcastConfig(ClusterOptions options, List<Consumer<Config>> keepers) {
        Config config = ConfigUtil.loadConfig();
        config.setClusterName(options.secretName());
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.logging.type", "slf4j");
        // Else each line that is logged begins with the cluster's name, which may be a secret.
        config.setProperty("hazelcast.logging.details.enabled", "false");
        config.setProperty("hazelcast.shutdownhook.enabled", "false");
        config.setProperty("hazelcast.socket.bind.any", "false");
        config.setProperty("hazelcast.local.localAddress", options.host());
        config.getAdvancedNetworkConfig().setEnabled(true).setMemberEndpointConfig(memberEndpoint(options));
        Joining.applyTo(config, options);
        Maps.addTo(config);
        keepers.forEach(keeper -> keeper.accept(config));
        // Last, since it is about all maps that there are.
        SplitPolicy.applyTo(config, options.losses());
        return config;
    }

    /**
     * A port for members alone. Hazelcast's simple network, a port for whoever comes, also turns a core of every member into heat while
     * another one hangs: what is to be sent to it is looked at again and again until it has said hello (UnifiedProtocolEncoder, up to
     * 5.6.0; this one's waits).
     */
    private static ServerSocketEndpointConfig memberEndpoint(ClusterOptions options) {
        return new ServerSocketEndpointConfig()
                .setPort(options.port())
                .setPortAutoIncrement(options.portMayMove())
                .setPublicAddress(
                        options.publicAddress().map(HostPort::toString).orElse(options.host()));
    }

    /** One listener for both, so that who loses the majority by a departure hears of that first. */
    private void watchMembers() {
        hazelcast().getCluster().addMembershipListener(new InitialMembershipListener() {
            @Override
            public void init(InitialMembershipEvent event) {
                majority.seen(event.getMembers().size());
            }

            @Override
            public void memberAdded(MembershipEvent event) {
                majority.seen(event.getMembers().size());
            }

            @Override
            public void memberRemoved(MembershipEvent event) {
                majority.seen(event.getMembers().size());
                String left = event.getMember().getAttribute(NODE_ID_ATTRIBUTE);
                if (left != null) {
                    nodeLeftListeners.forEach(listener -> listener.accept(left));
                }
            }
        });
    }

    public Vertx vertx() {
        return vertx;
    }

    public HazelcastInstance hazelcast() {
        return membership.getHazelcastInstance();
    }

    /** @return how the cluster names this process */
    public String nodeId() {
        return membership.getNodeId();
    }

    /** @return the port at which others may join */
    public int port() {
        return hazelcast().getCluster().getLocalMember().getAddress().getPort();
    }

    public int size() {
        return hazelcast().getCluster().getMembers().size();
    }

    /** @return whether this process is on the side of a split that may go on */
    public Majority majority() {
        return majority;
    }

    /**
     * Whether this process was on the smaller side of a split, or hung so long that the others went on without it, and has found them
     * again. What it knows of the pool is of the past: it has left and must be started anew.
     *
     * @return completes on a thread of Hazelcast's, when nothing of this member can reach the pool any more
     */
    public Future<Void> cutOff() {
        return membership.cutOff();
    }

    /** @return that failure, or a {@link CutOffException} when it has come of this process having been cut off */
    public RuntimeException explained(RuntimeException failure) {
        return (RuntimeException) explained(membership, failure);
    }

    private static Throwable explained(PoolMembership membership, Throwable failure) {
        return membership.hasEndedByMerge() ? new CutOffException(failure) : failure;
    }

    /** A process of the pool. */
    public record Node(String id, String address, Set<String> roles) {
        public Node {
            roles = Set.copyOf(roles);
        }
    }

    /** @return every process of the pool, as this one sees it */
    public List<Node> nodes() {
        List<Node> nodes = new ArrayList<>();
        for (Member member : hazelcast().getCluster().getMembers()) {
            String id = member.getAttribute(NODE_ID_ATTRIBUTE);
            String roles = member.getAttribute(ROLES_ATTRIBUTE);
            if (id != null) {
                nodes.add(new Node(
                        id,
                        member.getAddress().getHost() + ":"
                                + member.getAddress().getPort(),
                        roles == null
                                ? Set.of()
                                : Set.copyOf(COMMA.splitAsStream(roles).toList())));
            }
        }
        return nodes;
    }

    /** @param listener told the node id of each process that has left, on a Hazelcast thread: hand over and return */
    public void onNodeLeft(Consumer<String> listener) {
        nodeLeftListeners.add(listener);
    }

    /** Leaves the cluster and closes Vert.x. */
    public Future<Void> leave() {
        return vertx.close();
    }
}
