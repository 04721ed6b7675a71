package dev.troupe.image.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troupe.device.KernelPolicy;
import dev.troupe.image.Denoiser;
import dev.troupe.image.ImageRequest;
import dev.troupe.image.Picture;
import dev.troupe.image.TinySd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundledModelTest {
    private static final long MOST_BYTES = 20L << 20;

    @TempDir
    Path folder;

    @Test
    void theBundledModelMakesAPictureWithTransparency() throws IOException {
        Optional<Path> unpacked = BundledModel.unpackInto(folder);
        assumeTrue(unpacked.isPresent(), "this build has no default model");
        assertThat(BundledModel.unpackInto(folder)).isEqualTo(unpacked);
        var model = DiffusionModel.load(unpacked.get(), List.of(), TinySd.cpu(), KernelPolicy.exact());
        try (var denoiser = new Denoiser(model, 2, 4)) {
            var request = new ImageRequest(
                    "red apple", "", 64, 64, 4, 2, 1, model.noise().sampler(), Optional.empty());
            denoiser.join("x", "me", request);
            for (int i = 0; i < 4; i++) {
                denoiser.step(List.of("x"));
            }
            Picture picture = denoiser.finish("x");
            assertThat(picture.channels()).isEqualTo(4);
            assertThat(picture.values())
                    .as("not all the same")
                    .doesNotContain(Float.NaN)
                    .contains(1f);
        }
    }

    @Test
    void theBundledModelIsSmall() throws IOException {
        Optional<Path> unpacked = BundledModel.unpackInto(folder);
        assumeTrue(unpacked.isPresent(), "this build has no default model");
        long bytes = 0;
        try (var files = Files.walk(unpacked.get())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
        }
        assertThat(bytes).isLessThan(MOST_BYTES);
    }
}
