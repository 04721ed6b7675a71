package dev.troupe.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipAdapter;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.core.HazelcastInstance;
import dev.troupe.cluster.wire.Codecs;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.ConfigUtil;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** A Vert.x that is a member of the pool: unicast discovery, no multicast, bound to the one address it is told. */
public final class Cluster {
    private static final String NODE_ID_ATTRIBUTE = "__vertx.nodeId";
    private static final String ROLES_ATTRIBUTE = "troupe.roles";
    private static final Pattern COMMA = Pattern.compile(",");

    private final Vertx vertx;
    private final HazelcastInstance hazelcast;
    private final String nodeId;

    private Cluster(Vertx vertx, HazelcastInstance hazelcast, String nodeId) {
        this.vertx = vertx;
        this.hazelcast = hazelcast;
        this.nodeId = nodeId;
    }

    /** Starts the member and joins; about a second. The future fails when the port is taken or a member speaks another protocol. */
    public static Future<Cluster> start(ClusterOptions options, VertxOptions vertxOptions) {
        return start(options, vertxOptions, Set.of(), List.of());
    }

    /**
     * @param roles what this process is, for the others to see
     * @param keepers each says how Hazelcast shall keep what is its own: maps and serializers; the same on every member
     */
    public static Future<Cluster> start(
            ClusterOptions options, VertxOptions vertxOptions, Set<String> roles, List<Consumer<Config>> keepers) {
        Config config = hazelcastConfig(options);
        config.getMemberAttributeConfig().setAttribute(ROLES_ATTRIBUTE, String.join(",", new TreeSet<>(roles)));
        keepers.forEach(keeper -> keeper.accept(config));
        HazelcastClusterManager manager = new HazelcastClusterManager(config);
        vertxOptions.setEventBusOptions(
                new EventBusOptions().setHost(options.host()).setClusterPublicHost(options.host()));
        return Vertx.builder()
                .with(vertxOptions)
                .withClusterManager(manager)
                .buildClustered()
                .map(vertx -> {
                    Codecs.registerAll(vertx.eventBus());
                    return new Cluster(vertx, manager.getHazelcastInstance(), manager.getNodeId());
                });
    }

    static Config hazelcastConfig(ClusterOptions options) {
        Config config = ConfigUtil.loadConfig();
        config.setClusterName(options.name());
        config.setProperty("hazelcast.wait.seconds.before.join", "0");
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.logging.type", "slf4j");
        config.setProperty("hazelcast.shutdownhook.enabled", "false");
        config.setProperty("hazelcast.socket.bind.any", "false");
        // A killed process is seen by its closed socket; these two are for one that hangs, where the default is a
        // minute.
        config.setProperty("hazelcast.heartbeat.interval.seconds", "1");
        config.setProperty("hazelcast.max.no.heartbeat.seconds", "10");
        NetworkConfig network = config.getNetworkConfig();
        network.setPort(options.port()).setPortAutoIncrement(options.portMayMove());
        network.setPublicAddress(options.host());
        network.getInterfaces().clear().setEnabled(true).addInterface(options.host());
        JoinConfig join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).setMembers(options.join());
        Maps.addTo(config);
        return config;
    }

    public Vertx vertx() {
        return vertx;
    }

    public HazelcastInstance hazelcast() {
        return hazelcast;
    }

    /** @return how the cluster names this process */
    public String nodeId() {
        return nodeId;
    }

    /** @return the port at which others may join */
    public int port() {
        return hazelcast.getCluster().getLocalMember().getAddress().getPort();
    }

    public int size() {
        return hazelcast.getCluster().getMembers().size();
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
        for (Member member : hazelcast.getCluster().getMembers()) {
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
        hazelcast.getCluster().addMembershipListener(new MembershipAdapter() {
            @Override
            public void memberRemoved(MembershipEvent event) {
                String left = event.getMember().getAttribute(NODE_ID_ATTRIBUTE);
                if (left != null) {
                    listener.accept(left);
                }
            }
        });
    }

    /** Leaves the cluster and closes Vert.x. */
    public Future<Void> leave() {
        return vertx.close();
    }
}
