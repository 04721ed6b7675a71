package dev.troupe.image.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.image.TinySd;
import dev.troupe.image.schedule.Sampler;
import dev.troupe.image.train.ImageTraining.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole training, tiny. */
class ImageTrainingTest {
    private static final ModelFolder.Sizes SIZES =
            new ModelFolder.Sizes(List.of(8, 8, 8, 8), 4, List.of(8, 16), 8, 16, 96);
    private static final ModelFolder.Work WORK = new ModelFolder.Work(2, 4, 4, 8, 2);
    private static final Duration LONG = Duration.ofHours(1);

    @TempDir
    Path folder;

    private final List<String> said = new ArrayList<>();

    private ImageTraining training(Path at) throws IOException {
        return ImageTraining.open(at, SIZES, WORK, TinyEmoji.some(), TinySd.cpu(), 1, said::add);
    }

    private static Stretch.Limit steps(int steps) {
        return new Stretch.Limit(steps, LONG);
    }

    private void trainAll(Path at) throws IOException {
        for (Part part : Part.values()) {
            training(at).train(part, steps(6));
        }
    }

    @Test
    void whatIsTrainedIsServedAndMeasured() throws IOException {
        trainAll(folder);
        assertThat(folder.resolve("unet.png")).exists();
        String table = training(folder).measure(new Measures.Counts(4, 2, 2, 2), new Painter.Way(Sampler.DDIM, 3, 2));
        assertThat(table).contains("name_top_1", "baseline", "real pictures");
        assertThat(folder.resolve("measures.json")).isNotEmptyFile();
        assertThat(Files.readAllLines(folder.resolve("curves/unet-watch.csv"))).isNotEmpty();
    }

    @Test
    void twoStretchesAreOneBitByBit() throws IOException {
        Path whole = folder.resolve("whole");
        Path parts = folder.resolve("parts");
        trainAll(whole);
        for (Part part : Part.values()) {
            training(parts).train(part, steps(3));
            training(parts).train(part, steps(6));
        }
        for (String file : new String[] {
            "model/vae/diffusion_pytorch_model.safetensors",
            "model/unet/diffusion_pytorch_model.safetensors",
            "model/text_encoder/model.safetensors",
            "evaluator/model.safetensors"
        }) {
            assertThat(parts.resolve(file)).hasSameBinaryContentAs(whole.resolve(file));
        }
        assertThat(said).anyMatch(line -> line.contains("goes on at step 3"));
    }

    @Test
    void aModelAloneIsGoneOnWithAndItIsSaid() throws IOException {
        trainAll(folder);
        try (var states = Files.list(folder.resolve("state"))) {
            for (Path state : states.toList()) {
                Files.delete(state);
            }
        }
        training(folder).train(Part.UNET, steps(1));
        assertThat(said).anyMatch(line -> line.contains("without the optimiser's history"));
    }

    @Test
    void anotherSeedDoesNotGoOnWithAState() throws IOException {
        training(folder).train(Part.VAE, steps(1));
        ImageTraining other = ImageTraining.open(folder, SIZES, WORK, TinyEmoji.some(), TinySd.cpu(), 2, said::add);
        assertThatThrownBy(() -> other.train(Part.VAE, steps(2)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("another seed");
    }

    @Test
    void aPartIsTrainedByOneAtATime() throws IOException {
        ImageTraining training = training(folder);
        training.train(Part.VAE, steps(1));
        try (var channel = java.nio.channels.FileChannel.open(
                        folder.resolve("state/vae.lock"), java.nio.file.StandardOpenOption.WRITE);
                var held = channel.lock()) {
            assertThat(held.isValid()).isTrue();
            assertThatThrownBy(() -> training.train(Part.VAE, steps(2)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("already");
        }
    }

    @Test
    void aStopFileEndsAStretchWithACheckpoint() throws IOException {
        Files.createFile(folder.resolve("stop"));
        assertThat(training(folder).train(Part.VAE, steps(5))).isFalse();
        assertThat(folder.resolve("state/vae.state")).exists();
    }

    @Test
    void aPartWithoutTheOneBeforeSaysSo() throws IOException {
        ImageTraining training = training(folder);
        assertThatThrownBy(() -> training.train(Part.UNET, steps(1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("train that part first");
    }
}
