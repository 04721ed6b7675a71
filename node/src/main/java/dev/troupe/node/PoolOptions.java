package dev.troupe.node;

import dev.troupe.cluster.BusTls;
import dev.troupe.cluster.ClusterOptions;
import dev.troupe.cluster.Discovery;
import dev.troupe.cluster.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** How a node finds its pool and is found by it; {@code docs/cluster.md} says when to use what. */
final class PoolOptions {
    static final String PASSWORD = "TROUPE_CLUSTER_PASSWORD";

    @Option(
            names = "--cluster-host",
            paramLabel = "ADDRESS",
            description = "Address that the pool's own ports bind to and at which the other processes reach them"
                    + " (default: ${DEFAULT-VALUE}). It is for networks that you trust.")
    private String clusterHost = "127.0.0.1";

    @Option(
            names = "--cluster-port",
            description = "Port at which others may join (default: the first free one from 5701).")
    private Integer clusterPort;

    @Option(
            names = "--cluster-public",
            paramLabel = "HOST:PORT",
            description = "Where the others reach that port, when something between translates addresses.")
    private String clusterPublic;

    @Option(names = "--bus-port", description = "Port of messages between processes (default: any free one).")
    private int busPort;

    @Option(
            names = "--bus-public",
            paramLabel = "HOST:PORT",
            description = "Where the others reach that port, when something between translates addresses.")
    private String busPublic;

    @Option(
            names = "--join",
            split = ",",
            paramLabel = "HOST:PORT",
            description = "Processes of the pool to look for; without any --join, this one waits for others.")
    private List<String> join = List.of();

    @Option(
            names = "--join-dns",
            paramLabel = "NAME[:PORT]",
            description = "Look for processes of the pool at every address of a name (default port: 5701).")
    private String joinDns;

    @Option(
            names = "--join-kubernetes",
            paramLabel = "SERVICE",
            description = "Look for processes of the pool in the pods behind a service of Kubernetes.")
    private String joinKubernetes;

    @Option(
            names = "--kubernetes-namespace",
            paramLabel = "NAME",
            description = "Where that service is (default: the namespace of this pod).")
    private String kubernetesNamespace;

    @Option(
            names = "--expected-nodes",
            paramLabel = "N",
            description =
                    "Processes that the pool has when it is whole, three or more. A process that sees no more than"
                            + " half of them takes no requests, so that of a split network one side at most goes on (default:"
                            + " no protection).")
    private int expectedNodes;

    @Option(
            names = "--hang-timeout",
            paramLabel = "TIME",
            converter = Seconds.class,
            description =
                    "Silence after which a process is taken for hung and the pool goes on without it (default: 3s)."
                            + " More where processors are overloaded, since a process that gets none is silent, too.")
    private Duration hangTimeout = ClusterOptions.Losses.DEFAULT.silence();

    @Option(
            names = "--bus-cert",
            paramLabel = "FILE",
            description =
                    "Certificate of this process for messages to others, in PEM form; with --bus-key and --bus-ca.")
    private Path busCert;

    @Option(names = "--bus-key", paramLabel = "FILE", description = "Its private key, PKCS#8 in PEM form.")
    private Path busKey;

    @Option(
            names = "--bus-ca",
            paramLabel = "FILE",
            description = "Authority whose certificates the others must show, in PEM form.")
    private Path busCa;

    @Option(
            names = "--cluster-password-file",
            paramLabel = "FILE",
            description = "File with a password that all processes of the pool share; or set " + PASSWORD
                    + " in the environment.")
    private Path passwordFile;

    /** @throws UserError that names the option */
    ClusterOptions cluster(Map<String, String> environment) {
        try {
            return new ClusterOptions(
                    clusterHost,
                    clusterPort == null ? ClusterOptions.DEFAULT_PORT : clusterPort,
                    clusterPort == null,
                    address("--cluster-public", clusterPublic),
                    new ClusterOptions.Bus(busPort, address("--bus-public", busPublic), tls()),
                    discovery(),
                    new ClusterOptions.Losses(expectedNodes, hangTimeout),
                    "troupe",
                    password(environment));
        } catch (IllegalArgumentException e) {
            throw new UserError(e.getMessage(), e);
        }
    }

    private static Optional<HostPort> address(String option, String text) {
        return Optional.ofNullable(text).map(it -> HostPort.parse(option, it));
    }

    private Discovery discovery() {
        long kinds = Stream.of(!join.isEmpty(), joinDns != null, joinKubernetes != null)
                .filter(given -> given)
                .count();
        if (kinds > 1) {
            throw new UserError("--join, --join-dns and --join-kubernetes are three ways to the same pool; give one");
        }
        if (joinKubernetes == null && kubernetesNamespace != null) {
            throw new UserError("--kubernetes-namespace goes with --join-kubernetes SERVICE");
        }
        if (joinDns != null) {
            HostPort name = HostPort.parse("--join-dns", joinDns);
            return new Discovery.Dns(name.host(), name.port());
        }
        if (joinKubernetes != null) {
            return new Discovery.Kubernetes(joinKubernetes, Optional.ofNullable(kubernetesNamespace), Optional.empty());
        }
        return new Discovery.Members(
                join.stream().map(member -> HostPort.parse("--join", member)).toList());
    }

    private Optional<BusTls> tls() {
        long given =
                Stream.of(busCert, busKey, busCa).filter(file -> file != null).count();
        if (given == 0) {
            return Optional.empty();
        }
        if (given < 3) {
            throw new UserError("--bus-cert, --bus-key and --bus-ca go together: give all three or none");
        }
        return Optional.of(new BusTls(busCert, busKey, busCa));
    }

    private Optional<String> password(Map<String, String> environment) {
        Optional<String> ofEnvironment = Optional.ofNullable(environment.get(PASSWORD));
        if (passwordFile == null) {
            return ofEnvironment;
        }
        if (ofEnvironment.isPresent()) {
            throw new UserError("both " + PASSWORD + " and --cluster-password-file are given; keep one");
        }
        try {
            return Optional.of(Files.readString(passwordFile).strip());
        } catch (IOException e) {
            throw new UserError("--cluster-password-file: cannot read " + passwordFile + ": " + e, e);
        }
    }
}
