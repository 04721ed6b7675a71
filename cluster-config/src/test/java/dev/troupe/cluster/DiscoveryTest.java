package dev.troupe.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.troupe.cluster.Discovery.Kubernetes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DiscoveryTest {
    @Test
    void aHostInTheListMayBeAName() {
        try (Members members = new Members()) {
            Cluster first = members.start(Members.options("127.0.0.1", 17901, Discovery.ALONE));
            Discovery byName = new Discovery.Members(List.of(HostPort.parse("--join", "localhost:" + first.port())));

            assertThat(members.start(Members.options("127.0.0.1", 17931, byName))
                            .size())
                    .isEqualTo(2);
        }
    }

    @Test
    void everyAddressOfANameIsLookedAt() {
        try (Members members = new Members()) {
            Cluster first = members.start(Members.options("127.0.0.1", 17951, Discovery.ALONE));
            // It resolves to 127.0.0.1 and often to ::1, where nobody is.
            Discovery dns = new Discovery.Dns("localhost", OptionalInt.of(first.port()));

            assertThat(members.start(Members.options("127.0.0.1", 17971, dns)).size())
                    .isEqualTo(2);
        }
    }

    @Test
    void podsBehindAServiceFindEachOther() throws IOException {
        int port = 18001;
        HttpServer api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        api.createContext(
                "/apis/discovery.k8s.io/v1/namespaces/models/endpointslices",
                exchange -> answer(exchange, slices(exchange.getRequestURI(), port)));
        // Where this pod runs, which Hazelcast asks for, too.
        api.createContext(
                "/api/v1/namespaces/models/pods/",
                exchange -> answer(exchange, "{\"spec\":{\"nodeName\":\"machine\"}}"));
        api.createContext(
                "/api/v1/nodes/machine",
                exchange -> answer(exchange, "{\"metadata\":{\"labels\":{\"topology.kubernetes.io/zone\":\"a\"}}}"));
        api.start();
        try (Members members = new Members()) {
            URI url = URI.create("http://127.0.0.1:" + api.getAddress().getPort());
            Discovery service =
                    new Kubernetes("troupe", Optional.of("models"), Optional.of(new Kubernetes.Api(url, "a-token")));
            members.start(Members.options("127.0.0.1", port, service));

            assertThat(members.start(Members.options("127.0.0.2", port, service))
                            .size())
                    .isEqualTo(2);
        } finally {
            api.stop(0);
        }
    }

    /** As the API server says which pods a service has. */
    private static String slices(URI asked, int port) {
        boolean ours = String.valueOf(asked.getQuery()).contains("kubernetes.io/service-name=troupe");
        String pods = Stream.of(1, 2)
                .map(pod -> "{\"addresses\":[\"127.0.0." + pod + "\"],\"conditions\":{\"ready\":false},"
                        + "\"targetRef\":{\"kind\":\"Pod\",\"name\":\"troupe-" + pod + "\"}}")
                .collect(Collectors.joining(","));
        String slice = "{\"endpoints\":[" + pods + "],\"ports\":[{\"port\":" + port + "}]}";
        return "{\"items\":[" + (ours ? slice : "") + "]}";
    }

    private static void answer(HttpExchange exchange, String json) throws IOException {
        boolean allowed = "Bearer a-token".equals(exchange.getRequestHeaders().getFirst("Authorization"));
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(allowed ? 200 : 403, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Test
    void namesAndAddressesThatCannotBeAreNamedWithTheirOption() {
        assertThatThrownBy(() -> new Kubernetes("no such_name", Optional.empty(), Optional.empty()))
                .hasMessageContaining("--join-kubernetes")
                .hasMessageContaining("no such_name");
        assertThatThrownBy(() -> new Kubernetes("troupe", Optional.of("Wrong"), Optional.empty()))
                .hasMessageContaining("--kubernetes-namespace");
        assertThatThrownBy(() -> HostPort.parse("--join", "a:b:c"))
                .hasMessageContaining("--join takes host:port, not \"a:b:c\"");
        assertThatThrownBy(() -> HostPort.parse("--join-dns", "a:70000"))
                .hasMessageContaining("--join-dns")
                .hasMessageContaining("70000");
        assertThat(HostPort.parse("--join", "[::1]:5701").host()).isEqualTo("::1");
        assertThat(HostPort.parse("--join", "[::1]:5701")).hasToString("[::1]:5701");
        assertThat(HostPort.parse("--join", "pool").port()).isEmpty();
    }
}
