package dev.troupe.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.cluster.ClusterOptions;
import dev.troupe.router.Access;
import dev.troupe.router.AuthRule;
import dev.troupe.router.TrustedProxies;
import dev.troupe.router.picture.PictureConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NodeOptionsTest {
    @Test
    void imageWorkerAndItsModelGoTogether() {
        assertThat(options(Set.of(Role.IMAGE_WORKER), 8080, "cpu").imageModel()).isPresent();
        assertThatThrownBy(() -> images(Set.of(Role.IMAGE_WORKER), Optional.empty()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("--image-model none");
        assertThatThrownBy(() -> images(Set.of(Role.ROUTER), Optional.of("pictures")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("add image-worker to its --roles");
    }

    @Test
    void batcherAndWorkerApartNeedTheNameTheyShare() {
        assertThatThrownBy(() -> options(Set.of(Role.BATCHER), Optional.empty()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("--replica");
        assertThatThrownBy(() -> options(Set.of(Role.ROUTER, Role.WORKER), Optional.empty()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("--replica");
        assertThat(options(Set.of(Role.BATCHER), Optional.of("r1")).works()).isFalse();
        assertThat(options(Set.of(Role.WORKER), Optional.of("r1")).plans()).isFalse();
        assertThat(options(Role.ALL, Optional.of("r1")).plans()).isTrue();
        assertThat(options(Role.ALL, Optional.empty()).works()).isTrue();
    }

    @Test
    void replicaNameIsRefusedWhereItNamesNothingOrIsNoWordOfAnAddress() {
        assertThatThrownBy(() -> options(Set.of(Role.ROUTER), Optional.of("r1")))
                .hasMessageContaining("--replica");
        for (String wrong : List.of("", "r.1", "r 1", "x".repeat(65))) {
            assertThatThrownBy(() -> options(Role.ALL, Optional.of(wrong)))
                    .as(wrong)
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("--replica");
        }
    }

    @Test
    void wrongPortAndDeviceNameTheirOptions() {
        assertThatThrownBy(() -> options(Role.ALL, 70_000, "cpu")).hasMessageContaining("--port");
        assertThatThrownBy(() -> options(Role.ALL, 1, "gpu"))
                .hasMessageContaining("--device")
                .hasMessageContaining("gpu");
        assertThat(options(Role.ALL, 0, "cuda:1").device()).isEqualTo("cuda:1");
    }

    @Test
    void sharedCacheMemoryLeavesHalfOfTheHeapToOthers() {
        long heap = Runtime.getRuntime().maxMemory();
        assertThatThrownBy(() -> options(Role.ALL, Optional.empty(), 0, "cpu", heap / 2 + 1))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("--shared-cache-memory")
                .hasMessageContaining("-Xmx");
        assertThat(options(Role.ALL, Optional.empty(), 0, "cpu", heap / 2).sharedCacheMemory())
                .isEqualTo(heap / 2);
        assertThat(NodeOptions.defaultSharedCacheMemory()).isBetween(1L, heap / 4);
    }

    @Test
    void limitsThatLetNobodyInNameTheirOptions() {
        Duration second = Duration.ofSeconds(1);
        assertThatThrownBy(() -> new Limits(0, 1, second)).hasMessageContaining("--max-requests");
        assertThatThrownBy(() -> new Limits(1, 0, second)).hasMessageContaining("--max-waiting");
        assertThatThrownBy(() -> new Limits(1, 1, Duration.ZERO)).hasMessageContaining("--max-wait ");
    }

    @Test
    void routerThatOthersReachNeedsAKeySomewhereOrAnOperatorWhoInsists() {
        Access open = new Access(AuthRule.KEYS_ONLY, Optional.empty(), TrustedProxies.NONE);
        NodeOptions options = options(Role.ALL, Optional.empty(), 0, "cpu", 0, open);

        assertThatThrownBy(() -> options.checkKeys(() -> false))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("--db-url")
                .hasMessageContaining("--insecure-no-auth");
        options.checkKeys(() -> true);
        options(Role.ALL, 0, "cpu").checkKeys(() -> false);
        options(Set.of(Role.BATCHER, Role.WORKER), Optional.empty(), 0, "cpu", 0, open)
                .checkKeys(() -> false);
    }

    private static NodeOptions options(Set<Role> roles, Optional<String> replica) {
        return options(roles, replica, 8080, "cpu");
    }

    private static NodeOptions options(Set<Role> roles, int port, String device) {
        return options(roles, Optional.empty(), port, device);
    }

    private static NodeOptions options(Set<Role> roles, Optional<String> replica, int port, String device) {
        return options(roles, replica, port, device, 0);
    }

    private static NodeOptions options(
            Set<Role> roles, Optional<String> replica, int port, String device, long sharedCacheMemory) {
        return options(roles, replica, port, device, sharedCacheMemory, Access.LOOPBACK);
    }

    private static NodeOptions options(
            Set<Role> roles, Optional<String> replica, int port, String device, long sharedCacheMemory, Access access) {
        Optional<String> images = roles.contains(Role.IMAGE_WORKER) ? Optional.of("pictures") : Optional.empty();
        return options(roles, replica, port, device, sharedCacheMemory, access, images);
    }

    private static NodeOptions images(Set<Role> roles, Optional<String> imageModel) {
        return options(roles, Optional.empty(), 8080, "cpu", 0, Access.LOOPBACK, imageModel);
    }

    private static NodeOptions options(
            Set<Role> roles,
            Optional<String> replica,
            int port,
            String device,
            long sharedCacheMemory,
            Access access,
            Optional<String> imageModel) {
        return new NodeOptions(
                roles,
                replica,
                "127.0.0.1",
                Optional.of(port),
                ClusterOptions.loopback(),
                Path.of("data"),
                "m",
                imageModel,
                device,
                0,
                Kernels.AUTO,
                Optional.empty(),
                Duration.ofSeconds(1),
                Limits.DEFAULT,
                sharedCacheMemory,
                Optional.empty(),
                access,
                PictureConfig.DEFAULT);
    }
}
