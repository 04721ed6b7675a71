package dev.troupe.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.cluster.ClusterOptions;
import dev.troupe.cluster.Discovery;
import dev.troupe.cluster.HostPort;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PoolOptionsTest {
    @TempDir
    Path folder;

    @Test
    void withoutOptionsAProcessIsAloneOnLoopbackAndUnprotected() {
        ClusterOptions options = parse();

        assertThat(options).isEqualTo(ClusterOptions.loopback());
        assertThat(options.losses()).isEqualTo(new ClusterOptions.Losses(0, Duration.ofSeconds(3)));
        assertThat(options.password()).isEmpty();
    }

    @Test
    void everyOptionOfTheAddressesReachesItsPlace() {
        ClusterOptions options = parse(
                "--cluster-host", "10.0.0.7",
                "--cluster-port", "6000",
                "--cluster-public", "pool.example:7000",
                "--bus-port", "6001",
                "--bus-public", "[2001:db8::1]:7001",
                "--expected-nodes", "5",
                "--hang-timeout", "10s");

        assertThat(options.host()).isEqualTo("10.0.0.7");
        assertThat(options.port()).isEqualTo(6000);
        assertThat(options.portMayMove()).isFalse();
        assertThat(options.publicAddress()).contains(new HostPort("pool.example", OptionalInt.of(7000)));
        assertThat(options.bus().port()).isEqualTo(6001);
        assertThat(options.bus().publicAddress()).contains(new HostPort("2001:db8::1", OptionalInt.of(7001)));
        assertThat(options.losses()).isEqualTo(new ClusterOptions.Losses(5, Duration.ofSeconds(10)));
    }

    @Test
    void eachWayToFindOthersIsAskedForByItsOwnOption() {
        assertThat(parse("--join-dns", "pool.example:6000").discovery())
                .isEqualTo(new Discovery.Dns("pool.example", OptionalInt.of(6000)));
        assertThat(parse("--join-kubernetes", "troupe", "--kubernetes-namespace", "models")
                        .discovery())
                .isEqualTo(new Discovery.Kubernetes("troupe", Optional.of("models"), Optional.empty()));
        assertThat(parse("--join", "a:1,b").discovery())
                .isInstanceOfSatisfying(Discovery.Members.class, members -> assertThat(members.addresses())
                        .extracting(HostPort::toString)
                        .containsExactly("a:1", "b"));
    }

    @Test
    void moreThanOneWayToFindOthersIsRefused() {
        assertRefused("give one", "--join", "a:1", "--join-dns", "b");
        assertRefused("give one", "--join-dns", "b", "--join-kubernetes", "c");
        assertRefused("--join-kubernetes", "--kubernetes-namespace", "c");
    }

    @Test
    void whatCannotBeNamesItsOption() {
        assertRefused("--expected-nodes must be 3 or more, not 2", "--expected-nodes", "2");
        assertRefused("--hang-timeout", "--hang-timeout", "1s");
        assertRefused("--bus-port", "--bus-port", "70000");
        assertRefused("--cluster-public takes host:port", "--cluster-public", "host");
        assertRefused("--bus-public takes host:port", "--bus-public", "host");
        assertRefused("--join-dns", "--join-dns", "a b");
        assertRefused("all three or none", "--bus-cert", "a.pem", "--bus-key", "b.pem");
    }

    @Test
    void thePasswordComesFromTheEnvironmentOrAFileButNotFromBoth() throws Exception {
        Path file = Files.writeString(folder.resolve("password"), "from file\n");

        assertThat(parse(Map.of(PoolOptions.PASSWORD, "from environment")).password())
                .contains("from environment");
        assertThat(parse("--cluster-password-file", file.toString()).password()).contains("from file");
        assertThatThrownBy(() -> parse(Map.of(PoolOptions.PASSWORD, "x"), "--cluster-password-file", file.toString()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("keep one")
                .hasMessageNotContaining("from file");
        assertRefused(
                "cannot read",
                "--cluster-password-file",
                folder.resolve("missing").toString());
        assertThatThrownBy(() -> parse(Map.of(PoolOptions.PASSWORD, "")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("empty");
    }

    private static void assertRefused(String why, String... arguments) {
        assertThatThrownBy(() -> parse(arguments)).isInstanceOf(UserError.class).hasMessageContaining(why);
    }

    private static ClusterOptions parse(String... arguments) {
        return parse(Map.of(), arguments);
    }

    private static ClusterOptions parse(Map<String, String> environment, String... arguments) {
        PoolOptions options = new PoolOptions();
        new CommandLine(options).parseArgs(arguments);
        return options.cluster(environment);
    }
}
