package dev.troupe.models.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HuggingFaceDownloadTest {
    private static final String NAME = "hf:org/repo/model.gguf";

    @TempDir
    Path data;

    private final byte[] model = new byte[300_000];
    private FakeHub server;
    private ModelHub hub;

    @BeforeEach
    void start() throws IOException {
        new Random(1).nextBytes(model);
        server = new FakeHub();
        server.files.put("org/repo/model.gguf", model);
        hub = hub(server.uri());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void fileIsFetchedOnceAndReportsItsProgress() throws IOException {
        List<Long> done = new ArrayList<>();

        ResolvedModel resolved = hub.resolve(NAME, (id, bytes, total) -> {
            assertThat(id).isEqualTo(NAME);
            assertThat(total).isEqualTo(model.length);
            done.add(bytes);
        });

        assertThat(resolved.id()).isEqualTo("model");
        assertThat(resolved.path()).startsWith(data).hasBinaryContent(model);
        assertThat(done).isSorted().endsWith((long) model.length);
        assertThat(hub.resolve(NAME, DownloadListener.SILENT)).isEqualTo(resolved);
        assertThat(server.gets).hasSize(1);
        assertThat(resolved.path().resolveSibling("model.gguf.part")).doesNotExist();
    }

    @Test
    void brokenTransferGoesOnWhereItStopped() {
        server.breakAfter = 100_000;
        server.breaks.set(2);

        assertThat(hub.resolve(NAME, DownloadListener.SILENT).path()).hasBinaryContent(model);
        assertThat(server.gets)
                .containsExactly(
                        "org/repo/model.gguf null Bearer secret",
                        "org/repo/model.gguf bytes=100000- Bearer secret",
                        "org/repo/model.gguf bytes=200000- Bearer secret");
    }

    @Test
    void whatAnEarlierProcessLeftIsTakenUp() throws IOException {
        Path part = data.resolve("models/hf/org/repo/model.gguf.part");
        Files.createDirectories(part.getParent());
        Files.write(part, Arrays.copyOf(model, 50_000));

        assertThat(hub.resolve(NAME, DownloadListener.SILENT).path()).hasBinaryContent(model);
        assertThat(server.gets).containsExactly("org/repo/model.gguf bytes=50000- Bearer secret");
    }

    @Test
    void serverWithoutRangesStartsAgain() {
        server.honoursRange = false;
        server.breakAfter = 100_000;
        server.breaks.set(1);

        assertThat(hub.resolve(NAME, DownloadListener.SILENT).path()).hasBinaryContent(model);
        assertThat(server.gets).hasSize(2);
    }

    @Test
    void silentServerIsGivenUpAndAskedAgain() {
        server.breakAfter = 100_000;
        server.breaks.set(1);
        server.stalls = true;

        assertThat(hub.resolve(NAME, DownloadListener.SILENT).path()).hasBinaryContent(model);
        assertThat(server.gets).hasSize(2);
    }

    @Test
    void wrongHashIsRefusedAndNothingOfItKept() {
        server.statedHash = "0".repeat(64);

        assertThatThrownBy(() -> hub.resolve(NAME, DownloadListener.SILENT))
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll("model.gguf", "0".repeat(64), "try again");
        assertThat(data.resolve("models/hf/org/repo")).isDirectoryNotContaining("glob:**model*");
    }

    @Test
    void damagedPartIsDeletedSoThatTheNextTryIsWhole() throws IOException {
        Path part = data.resolve("models/hf/org/repo/model.gguf.part");
        Files.createDirectories(part.getParent());
        Files.write(part, new byte[50_000]);

        assertThatThrownBy(() -> hub.resolve(NAME, DownloadListener.SILENT)).hasMessageContaining("SHA-256");
        assertThat(hub.resolve(NAME, DownloadListener.SILENT).path()).hasBinaryContent(model);
    }

    @Test
    void refusalsSayWhatToDo() {
        server.status = 401;
        assertThatThrownBy(() -> hub.resolve(NAME, DownloadListener.SILENT)).hasMessageContaining("HF_TOKEN");
        server.status = 404;
        assertThatThrownBy(() -> hub.resolve(NAME, DownloadListener.SILENT)).hasMessageContaining("check the name");
        server.status = 503;
        assertThatThrownBy(() -> hub.resolve(NAME, DownloadListener.SILENT)).hasMessageContaining("503");
    }

    @Test
    void noServerSaysSo() {
        server.close();

        assertThatThrownBy(() -> hub.resolve(NAME, DownloadListener.SILENT))
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll("no connection", "--model")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void tokenStaysWithTheHubWhenItRedirects() throws IOException {
        try (FakeHub other = new FakeHub()) {
            other.files.put("org/repo/model.gguf", model);
            server.redirect = URI.create(other.uri().toString().replace("127.0.0.1", "localhost"));

            assertThat(hub.resolve(NAME, DownloadListener.SILENT).path()).hasBinaryContent(model);
            assertThat(other.gets).containsExactly("org/repo/model.gguf null null");
        }
    }

    @Test
    void redirectsWithoutEndAreRefused() {
        server.redirect = server.uri();

        assertThatThrownBy(() -> hub.resolve(NAME, DownloadListener.SILENT)).hasMessageContaining("without end");
    }

    @Test
    void directoryBringsWhatAModelNeedsAndNothingElse() {
        server.files.put("a/m/config.json", text("{}"));
        server.files.put("a/m/model-00001-of-00001.safetensors", model);
        server.files.put("a/m/tokenizer.json", text("{\"model\":{}}"));
        server.files.put("a/m/pytorch_model.bin", model);
        server.files.put("a/m/../../../evil/config.json", text("evil"));

        Path path = hub.resolve("hf:a/m", DownloadListener.SILENT).path();

        assertThat(path.resolve("model-00001-of-00001.safetensors")).hasBinaryContent(model);
        assertThat(path.resolve("config.json")).hasContent("{}");
        assertThat(path.resolve("tokenizer.json")).exists();
        assertThat(path.resolve("pytorch_model.bin")).doesNotExist();
        assertThat(data.resolve("models/evil")).doesNotExist();
        int gets = server.gets.size();
        assertThat(hub.resolve("hf:a/m", DownloadListener.SILENT).path()).isEqualTo(path);
        assertThat(server.gets).hasSize(gets);
    }

    @Test
    void repositoryOfGgufsNamesThem() {
        assertThatThrownBy(() -> hub.resolve("hf:org/repo", DownloadListener.SILENT))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("hf:org/repo/model.gguf");
    }

    @Test
    void namesThatLeadElsewhereAreRefused() {
        for (String name :
                List.of("hf:", "hf:a", "hf:../b", "hf:a/..", "hf:a/b/../c.gguf", "hf:a/b/c.bin", "hf:a/b?x")) {
            assertThatThrownBy(() -> hub.resolve(name, DownloadListener.SILENT))
                    .as(name)
                    .isInstanceOf(HubException.class)
                    .hasMessageContaining("hf:org/repo");
        }
        assertThat(server.gets).isEmpty();
    }

    @Test
    void catalogueGoesToTheHubWithItsPinnedHash() throws IOException {
        var entry = new Catalogue.Entry(
                "m", "", "MIT", "m.gguf", model.length, FakeHub.sha256(model), "org/repo/model.gguf", null);
        var catalogued = new ModelHub(config(server.uri()), new Catalogue(List.of(entry)));

        assertThat(catalogued.resolve("m", DownloadListener.SILENT))
                .isEqualTo(new ResolvedModel("m", data.resolve("models/m/m.gguf"), "MIT"));
        Files.write(data.resolve("models/m/m.gguf"), new byte[7]);
        assertThat(catalogued.resolve("m", DownloadListener.SILENT).path()).hasBinaryContent(model);
    }

    @Test
    void manyThreadsDownloadOnce() throws Exception {
        var threads = Executors.newFixedThreadPool(6);
        try {
            List<Callable<ResolvedModel>> tasks = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                tasks.add(() -> hub(server.uri()).resolve(NAME, DownloadListener.SILENT));
            }
            for (Future<ResolvedModel> result : threads.invokeAll(tasks)) {
                assertThat(result.get().path()).hasBinaryContent(model);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(server.gets).hasSize(1);
    }

    private ModelHub hub(URI uri) {
        return new ModelHub(config(uri), new Catalogue(List.of()));
    }

    private HubConfig config(URI uri) {
        return new HubConfig(data, uri, Optional.of("secret"), List.of(), Duration.ofMillis(1), Duration.ofMillis(300));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
