package dev.troupe.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.troupe.image.schedule.Noise;
import dev.troupe.image.schedule.Sampler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole pictures against diffusers': the latents after every step, and the picture. */
class GoldenPicturesTest {
    private static final double TOLERANCE = 1e-3;

    @TempDir
    Path folder;

    private static String key(JsonNode example) {
        return example.path("key").asText();
    }

    private static List<JsonNode> cases(boolean velocity) {
        var cases = new ArrayList<JsonNode>();
        TinySd.golden().path("cases").forEach(example -> {
            if (example.path("scheduler").asText().endsWith("_v") == velocity) {
                cases.add(example);
            }
        });
        return cases;
    }

    private static ImageRequest request(JsonNode example) {
        return new ImageRequest(
                example.path("prompt").asText(),
                example.path("negative_prompt").asText(""),
                TinySd.SIDE,
                TinySd.SIDE,
                example.path("steps").asInt(),
                example.path("guidance_scale").asDouble(),
                0,
                Sampler.parse(example.path("scheduler").asText().replace("ddim_v", "ddim")),
                Optional.empty());
    }

    /** Begins with the golden's own noise in place of the seed's. */
    private static void begin(Denoiser denoiser, ImageModel model, JsonNode example) {
        ImageRequest request = request(example);
        float[] latents = TinySd.golden(key(example) + ".init");
        double scale = request.sampler().plan(model.noise(), request.steps(), 0).noiseScale();
        for (int i = 0; i < latents.length; i++) {
            latents[i] *= (float) scale;
        }
        denoiser.resume(key(example), "", request, new LatentState(0, latents, new float[0]));
    }

    /** Runs all cases side by side, each to its own end, and answers how far the worst latents of each were off. */
    private static Map<String, Double> distances(ImageModel model, List<JsonNode> cases) {
        var worst = new HashMap<String, Double>();
        try (var denoiser = new Denoiser(model, 64, 8)) {
            var golden = new HashMap<String, float[]>();
            for (JsonNode example : cases) {
                begin(denoiser, model, example);
                golden.put(key(example), TinySd.golden(key(example) + ".latents"));
            }
            while (denoiser.size() > 0) {
                List<String> running = cases.stream()
                        .map(GoldenPicturesTest::key)
                        .filter(golden::containsKey)
                        .toList();
                for (Denoiser.Progress progress : denoiser.step(running)) {
                    String key = progress.id();
                    float[] latents = denoiser.state(key).latents();
                    int at = (progress.done() - 1) * latents.length;
                    float[] expected = Arrays.copyOfRange(golden.get(key), at, at + latents.length);
                    worst.merge(key, TinySd.distance(latents, expected), Math::max);
                    if (progress.isDone()) {
                        float[] picture = denoiser.finish(key).values();
                        worst.merge(key, TinySd.distance(picture, TinySd.golden(key + ".image")), Math::max);
                        golden.remove(key);
                    }
                }
            }
        }
        return worst;
    }

    private static void assertGolden(Map<String, Double> distances, int cases) {
        assertThat(distances).hasSize(cases);
        assertThat(distances)
                .allSatisfy((key, distance) -> assertThat(distance).as(key).isLessThan(TOLERANCE));
    }

    /** DDIM, Euler, DPM++ 2M with and without Karras' levels, with guidance and without, 8 and 20 steps. */
    @Test
    void everyLatentOfEveryCaseIsTheGoldenInOneBatch() {
        assertGolden(distances(TinySd.load(), cases(false)), 8);
    }

    @Test
    void everyCaseIsTheGoldenAlone() {
        for (JsonNode example : cases(false)) {
            assertGolden(distances(TinySd.load(), List.of(example)), 1);
        }
    }

    @Test
    void velocityPredictionIsTheGolden() throws IOException {
        Path copy = TinySd.copy(folder.resolve("v"));
        TinySd.edit(
                copy.resolve("scheduler/scheduler_config.json"), json -> json.put("prediction_type", "v_prediction"));
        assertGolden(distances(TinySd.load(copy), cases(true)), 2);
    }

    @Test
    void goldenNoiseIsUnitNoiseAsOursIs() {
        float[] golden = TinySd.golden("euler.8.init");
        float[] ours = Noise.unit(1, Noise.INITIAL, golden.length);
        for (float[] noise : List.of(golden, ours)) {
            double square = 0;
            for (float value : noise) {
                square += value * value / noise.length;
            }
            assertThat(square).isBetween(0.7, 1.3);
        }
    }
}
