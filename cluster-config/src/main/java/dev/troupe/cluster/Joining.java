package dev.troupe.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.KubernetesConfig;

/** Tells Hazelcast whom to look for. */
final class Joining {
    private Joining() {}

    static void applyTo(Config config, ClusterOptions options) {
        JoinConfig join = config.getAdvancedNetworkConfig().getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        // To a process that does not answer at all; a port that nobody listens at answers at once.
        config.setProperty("hazelcast.socket.connect.timeout.seconds", "3");
        config.setProperty("hazelcast.wait.seconds.before.join", "0");
        if (options.discovery() instanceof Discovery.Members members) {
            join.getTcpIpConfig()
                    .setEnabled(true)
                    .setMembers(
                            members.addresses().stream().map(HostPort::toString).toList());
        } else if (options.discovery() instanceof Discovery.Dns dns) {
            // What Hazelcast does for Kubernetes' names it does for any name: one lookup, all addresses.
            discover(config, join)
                    .setProperty("service-dns", dns.name())
                    .setProperty("service-port", Integer.toString(dns.port().orElse(ClusterOptions.DEFAULT_PORT)));
        } else if (options.discovery() instanceof Discovery.Kubernetes kubernetes) {
            KubernetesConfig discovery = discover(config, join)
                    .setProperty("service-name", kubernetes.service())
                    .setProperty("service-port", Integer.toString(options.port()))
                    // Pods reach each other at their own addresses.
                    .setProperty("expose-externally", "false");
            kubernetes.namespace().ifPresent(namespace -> discovery.setProperty("namespace", namespace));
            kubernetes.api().ifPresent(api -> discovery
                    .setProperty("kubernetes-master", api.url().toString())
                    .setProperty("api-token", api.token())
                    .setProperty("ca-certificate", ""));
        }
    }

    private static KubernetesConfig discover(Config config, JoinConfig join) {
        // With 0, Hazelcast would not even look.
        config.setProperty("hazelcast.wait.seconds.before.join", "1");
        return join.getKubernetesConfig().setEnabled(true);
    }
}
