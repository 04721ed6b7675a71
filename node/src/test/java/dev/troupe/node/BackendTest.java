package dev.troupe.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.cluster.ClusterOptions;
import dev.troupe.device.DeviceException;
import dev.troupe.device.NativeCompiler;
import dev.troupe.models.hub.DownloadListener;
import dev.troupe.models.hub.HubConfig;
import dev.troupe.models.hub.ModelHub;
import dev.troupe.models.weights.ModelWeights;
import dev.troupe.router.Access;
import dev.troupe.router.picture.PictureConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which kernels the default model gets, with a C compiler and without. */
class BackendTest {
    @TempDir
    Path empty;

    private Backend backend(Kernels kernels, NativeCompiler compiler) throws IOException {
        HubConfig hub = HubConfig.fromEnvironment();
        Path path = new ModelHub(hub)
                .resolve(ModelHub.DEFAULT_MODEL, DownloadListener.SILENT)
                .path();
        NodeOptions options = new NodeOptions(
                Role.ALL,
                Optional.empty(),
                "127.0.0.1",
                Optional.of(0),
                ClusterOptions.loopback(),
                hub.data(),
                "m",
                Optional.empty(),
                "cpu",
                1,
                kernels,
                Optional.empty(),
                Duration.ofSeconds(1),
                Limits.DEFAULT,
                0,
                Optional.empty(),
                Access.LOOPBACK,
                PictureConfig.DEFAULT);
        try (ModelWeights weights = ModelWeights.open(path)) {
            return Backend.of(weights, options, compiler);
        }
    }

    private NativeCompiler none() {
        return new NativeCompiler(empty, List.of("no-such-compiler"));
    }

    @Test
    void ourOwnWhereTheyCanBeCompiled() throws IOException {
        Backend own = backend(Kernels.AUTO, new NativeCompiler(empty));

        assertThat(own.name()).isEqualTo("cpu");
        assertThat(own.modelBytes()).as("4 and 8 bits stay what they are").isLessThan(120L << 20);
    }

    @Test
    void withoutACompilerPyTorchsUnlessOurOwnWereAskedFor() throws IOException {
        assertThat(backend(Kernels.AUTO, none()).name()).isEqualTo("cpu with PyTorch's kernels");
        assertThatThrownBy(() -> backend(Kernels.OWN, none()))
                .isInstanceOf(DeviceException.class)
                .hasMessage("--kernels own: there is no C compiler (no-such-compiler); install gcc or clang");
    }

    @Test
    void pytorchsWhenAskedFor() throws IOException {
        assertThat(backend(Kernels.PYTORCH, new NativeCompiler(empty)).name()).isEqualTo("cpu with PyTorch's kernels");
    }
}
