package dev.troupe.cluster;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** How a process finds the others of its pool. Whoever is found is asked again and again, so that two halves find together. */
public sealed interface Discovery {
    /** Nobody is looked for: this process is alone until others join it. */
    Discovery ALONE = new Members(List.of());

    /** @param addresses of processes to look for; not every one must be there */
    record Members(List<HostPort> addresses) implements Discovery {
        public Members {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * @param name every address that it resolves to is looked at
     * @param port of all of them; empty: {@value ClusterOptions#DEFAULT_PORT}
     */
    record Dns(String name, OptionalInt port) implements Discovery {
        public Dns {
            requireNonNull(name);
            requireNonNull(port);
        }
    }

    /**
     * The pods behind a service, by Kubernetes' API; for a process inside of a pod whose service account may read endpoints and pods.
     *
     * @param namespace empty: that of the pod
     * @param api empty: that of the pod
     */
    record Kubernetes(String service, Optional<String> namespace, Optional<Api> api) implements Discovery {
        /**
         * @param url of the API server
         * @param token that it is asked with
         */
        public record Api(URI url, String token) {
            @Override
            public String toString() {
                return url.toString();
            }
        }

        public Kubernetes {
            requireNonNull(namespace);
            requireNonNull(api);
            name("--join-kubernetes", service);
            namespace.ifPresent(it -> name("--kubernetes-namespace", it));
        }

        private static void name(String option, String value) {
            if (!value.matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")) {
                throw new IllegalArgumentException(option + " takes a name such as troupe, not \"" + value + "\"");
            }
        }
    }
}
