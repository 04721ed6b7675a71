package dev.troupe.node;

import static dev.troupe.node.TroupeProcess.JSON;
import static dev.troupe.node.TroupeProcess.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The default model of pictures in a process of its own, asked over HTTP through a router in another. */
class PicturesOverHttpTest {
    private static final Duration SOON = Duration.ofMinutes(2);
    /** So many steps that there is time to kill somebody between two. */
    private static final int LONG = 1_000;
    /** Of 255: the kernels may round otherwise where another number of rows goes through. */
    private static final int ROUNDING = 2;

    @TempDir
    Path folder;

    private final List<TroupeProcess> processes = new ArrayList<>();
    private TroupeProcess worker;
    private String pool;
    private URI url;

    @BeforeEach
    void start() throws IOException {
        worker = start("node", "--roles", "image-worker", "--threads", "1", "--port", "0");
        pool = worker.awaitClusterAddress();
        TroupeProcess router = start(
                "node",
                "--roles",
                "router",
                "--join",
                pool,
                "--port",
                "0",
                "--db-url",
                "jdbc:h2:file:" + folder.resolve("db").toAbsolutePath());
        url = router.awaitUrl();
        eventually(SOON, "the model", () -> get("/v1/models").contains("\"troupe-emoji\""));
    }

    private TroupeProcess start(String... line) throws IOException {
        TroupeProcess process = TroupeProcess.start(line);
        processes.add(0, process);
        return process;
    }

    @AfterEach
    void close() throws Exception {
        for (TroupeProcess process : processes) {
            process.close();
        }
    }

    @Test
    void promptBecomesAPictureAtAnAddressAndIsRefinedByTalking() throws Exception {
        JsonNode first = post("/v1/generate-image", "{\"prompt\":\"a red heart\",\"seed\":7}");
        BufferedImage red = picture(first.path("image_url").asText());
        assertThat(red.getWidth()).isEqualTo(64);
        assertThat(red.getColorModel().hasAlpha()).isTrue();

        String id = first.path("image_id").asText();
        JsonNode second = post(
                "/v1/generate-image",
                "{\"prompt\":\"make it blue\",\"size\":\"256x256\",\"previous_image_id\":\"" + id + "\"}");
        assertThat(second.path("revised_prompt").asText()).isEqualTo("a blue heart");
        BufferedImage blue = picture(second.path("image_url").asText());
        assertThat(blue.getWidth()).isEqualTo(256);
        assertThat(share(red, 16)).as("red in the red one").isGreaterThan(share(red, 0));
        assertThat(share(blue, 0)).as("blue in the blue one").isGreaterThan(share(blue, 16));
        JsonNode kept =
                JSON.readTree(get("/v1/images/" + second.path("image_id").asText()));
        assertThat(kept.path("parent").asText()).isEqualTo(id);
        assertThat(kept.path("seed").asLong())
                .as("a small edit keeps the noise")
                .isEqualTo(7);
    }

    @Test
    void pictureGoesOnWhenItsWorkerIsKilled() throws Exception {
        String body = "{\"prompt\":\"a red heart\",\"seed\":7,\"wait\":false,\"num_inference_steps\":" + LONG + "}";
        String quiet = job(body);
        eventually(SOON, "the undisturbed one", () -> status(quiet).equals("completed"));

        String killed = job(body);
        eventually(SOON, "steps", () -> status(killed).equals("running"));
        TroupeProcess second =
                start("node", "--roles", "image-worker", "--threads", "1", "--port", "0", "--join", pool);
        second.awaitLine("Ready after");
        assertThat(status(killed)).as("still under way").isEqualTo("running");
        worker.kill();

        eventually(SOON, "the end", () -> status(killed).equals("completed"));
        assertThat(distance(content(killed), content(quiet))).isLessThanOrEqualTo(ROUNDING);
    }

    private String job(String body) throws IOException {
        return post("/v1/images/generations", body).at("/data/0/id").asText();
    }

    private String status(String id) {
        try {
            return JSON.readTree(get("/v1/images/" + id)).path("status").asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private BufferedImage content(String id) {
        return picture(url.resolve("/v1/images/" + id + "/content").toString());
    }

    private JsonNode post(String path, String body) throws IOException {
        HttpResponse<String> answer = TroupeProcess.post(url, path, body);
        assertThat(answer.statusCode()).as("%s", answer.body()).isBetween(200, 202);
        return JSON.readTree(answer.body());
    }

    private String get(String path) {
        return TroupeProcess.get(url, path);
    }

    private static BufferedImage picture(String address) {
        HttpResponse<byte[]> answer = TroupeProcess.send(
                HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(200);
        try {
            return ImageIO.read(new ByteArrayInputStream(answer.body()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How much of a colour there is in what can be seen. */
    private static long share(BufferedImage image, int shift) {
        long sum = 0;
        for (int at = 0; at < image.getWidth() * image.getHeight(); at++) {
            int argb = image.getRGB(at % image.getWidth(), at / image.getWidth());
            sum += (argb >>> 24) * (long) ((argb >> shift) & 0xFF);
        }
        return sum;
    }

    /** @return the largest difference anywhere, of 255, as it looks on black */
    private static int distance(BufferedImage one, BufferedImage other) {
        int most = 0;
        for (int at = 0; at < one.getWidth() * one.getHeight(); at++) {
            int a = one.getRGB(at % one.getWidth(), at / one.getWidth());
            int b = other.getRGB(at % one.getWidth(), at / one.getWidth());
            for (int shift = 0; shift < 24; shift += 8) {
                int seen = ((a >> shift) & 0xFF) * (a >>> 24) / 255 - ((b >> shift) & 0xFF) * (b >>> 24) / 255;
                most = Math.max(most, Math.abs(seen));
            }
        }
        return most;
    }
}
