package dev.troupe.models.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelHubTest {
    @TempDir
    Path directory;

    @Test
    void pathIsTakenAsItIs() throws IOException {
        Path file = Files.write(directory.resolve("Some-Model.Q4.gguf"), new byte[3]);
        Path model = Files.createDirectory(directory.resolve("llama"));

        assertThat(hub().resolve(file.toString(), DownloadListener.SILENT))
                .isEqualTo(new ResolvedModel("Some-Model.Q4", file, ""));
        assertThat(hub().resolve(model.toString(), DownloadListener.SILENT))
                .isEqualTo(new ResolvedModel("llama", model, ""));
    }

    @Test
    void unknownNameListsTheCatalogueAndTheNearest() {
        assertThatThrownBy(() -> hub().resolve("smolm2", DownloadListener.SILENT))
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll(
                        "'smolm2'", "did you mean 'smollm2-135m-instruct'?", "gemma-3-270m", "hf:org/repo");
        assertThatThrownBy(() -> hub().resolve("Gemma", DownloadListener.SILENT))
                .hasMessageContaining("did you mean 'gemma-3-270m'?");
        assertThatThrownBy(() -> hub().resolve("mixtral-8x22b", DownloadListener.SILENT))
                .hasMessageNotContaining("did you mean");
        assertThatThrownBy(() -> hub().resolve("", DownloadListener.SILENT)).isInstanceOf(HubException.class);
    }

    @Test
    void pathThatIsNotThereIsNotTakenForAName() {
        assertThatThrownBy(() -> hub().resolve("no/such.gguf", DownloadListener.SILENT))
                .hasMessageContainingAll("no file or directory 'no/such.gguf'", "check the path");
    }

    @Test
    void catalogueIsDescribedWithWhatIsHere() throws IOException {
        assertThat(hub().describe()).extracting(ModelStatus::id).contains(ModelHub.DEFAULT_MODEL, "gemma-3-270m");
        assertThat(hub().describe()).allSatisfy(status -> {
            assertThat(status.path()).isEmpty();
            assertThat(status.licence()).isNotBlank();
            assertThat(status.bytes()).isPositive();
        });

        Path file = directory.resolve("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf");
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[5]);
        assertThat(hub().describe().get(0).path()).as("cut short").isEmpty();
        try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(98_362_432);
        }
        assertThat(hub().describe().get(0).path()).contains(file);
    }

    @Test
    void tokenIsNotInTheTextOfTheConfiguration() {
        var config = new HubConfig(
                directory,
                URI.create("https://example.org"),
                Optional.of("secret"),
                List.of(),
                Duration.ZERO,
                Duration.ZERO);

        assertThat(config.toString()).doesNotContain("secret");
    }

    private ModelHub hub() {
        return new ModelHub(HubConfig.of(directory));
    }
}
