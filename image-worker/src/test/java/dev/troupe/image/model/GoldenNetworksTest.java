package dev.troupe.image.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.troupe.device.KernelPolicy;
import dev.troupe.device.NativeScope;
import dev.troupe.image.LatentSize;
import dev.troupe.image.Picture;
import dev.troupe.image.TextEmbedding;
import dev.troupe.image.TinySd;
import dev.troupe.models.weights.SafetensorsWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The three networks against what diffusers computed with the same weights. */
class GoldenNetworksTest {
    private static final double TOLERANCE = 1e-4;
    private static final LatentSize SIZE = new LatentSize(4, 8, 8);
    private static DiffusionModel model;

    @TempDir
    Path folder;

    @BeforeAll
    static void load() {
        model = TinySd.load();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static float[] values(TextEmbedding text) {
        var values = new float[text.length()];
        text.copyTo(values, 0);
        return values;
    }

    /** The golden call has two rows with their own times and texts. */
    private static float[] unet(DiffusionModel of) {
        List<TextEmbedding> texts = List.of(
                new TextEmbedding(TinySd.golden("text0.embeds"), Optional.empty()),
                new TextEmbedding(TinySd.golden("text1.embeds"), Optional.empty()));
        return of.predict(SIZE, TinySd.golden("unet.in"), TinySd.golden("unet.t"), texts);
    }

    private static double distanceFromGolden(DiffusionModel of) {
        return TinySd.distance(unet(of), TinySd.golden("unet.out"));
    }

    @Test
    void textsAreTheGoldens() {
        List<String> names = List.of("text0.embeds", "text1.embeds");
        JsonNode texts = TinySd.golden().path("text");
        for (int i = 0; i < names.size(); i++) {
            float[] values = values(model.encodeText(texts.get(i).path("prompt").asText()));
            assertThat(TinySd.distance(values, TinySd.golden(names.get(i)))).isLessThan(TOLERANCE);
        }
    }

    @Test
    void unetIsTheGolden() {
        assertThat(distanceFromGolden(model)).isLessThan(TOLERANCE);
    }

    @Test
    void decodedPictureIsTheGolden() {
        float[] z = TinySd.golden("vae.z");
        for (int i = 0; i < z.length; i++) {
            z[i] *= (float) 0.18215; // as latents; decode takes it off again
        }
        float[] expected = TinySd.golden("vae.decoded");
        for (int i = 0; i < expected.length; i++) {
            expected[i] = Math.min(1, Math.max(0, expected[i] / 2 + 0.5f));
        }
        assertThat(TinySd.distance(model.decode(SIZE, z).values(), expected)).isLessThan(TOLERANCE);
    }

    @Test
    void encodedPictureIsTheGolden() {
        float[] values = TinySd.golden("vae.img");
        float least = 1;
        float most = -1;
        for (int i = 0; i < values.length; i++) {
            least = Math.min(least, values[i]);
            most = Math.max(most, values[i]);
            values[i] = values[i] / 2 + 0.5f;
        }
        assertThat(least).isGreaterThanOrEqualTo(-1); // else a Picture would not be the same
        assertThat(most).isLessThanOrEqualTo(1);
        float[] latents = model.encode(new Picture(3, 16, 16, values));
        for (int i = 0; i < latents.length; i++) {
            latents[i] /= (float) 0.18215;
        }
        assertThat(TinySd.distance(latents, TinySd.golden("vae.mean"))).isLessThan(TOLERANCE);
    }

    @Test
    void rowsOfOneCallKnowNothingOfEachOther() {
        float[] both = unet(model);
        float[] in = TinySd.golden("unet.in");
        float[] second = Arrays.copyOfRange(in, SIZE.count(), 2 * SIZE.count());
        var text = new TextEmbedding(TinySd.golden("text1.embeds"), Optional.empty());
        float[] alone = model.predict(SIZE, second, new float[] {17}, List.of(text));
        assertThat(TinySd.distance(alone, Arrays.copyOfRange(both, SIZE.count(), 2 * SIZE.count())))
                .isLessThan(1e-5);
    }

    /** Stable Diffusion 2's layout of the same numbers: projections as matrices, the heads of each block in a list, longer names of the text. */
    @Test
    void secondLayoutOfTheSameWeightsIsTheSameModel() throws IOException {
        Path copy = TinySd.copy(folder.resolve("two"));
        TinySd.edit(copy.resolve("unet/config.json"), json -> {
            json.put("use_linear_projection", true);
            json.putArray("attention_head_dim").add(4).add(4);
            json.putArray("layers_per_block").add(1).add(1);
            json.putArray("transformer_layers_per_block").add(1).add(1);
        });
        TinySd.rewrite(
                copy.resolve(TinySd.UNET),
                (writer, tensor) -> tensor.name().matches(".*proj_(in|out)\\.weight")
                        ? tensor.as(writer, tensor.name(), tensor.shape()[0], tensor.shape()[1])
                        : tensor.into(writer));
        TinySd.rewrite(
                copy.resolve(TinySd.TEXT),
                (writer, tensor) -> tensor.as(writer, "text_model." + tensor.name(), tensor.shape()));
        TinySd.rewrite(
                copy.resolve(TinySd.VAE),
                (writer, tensor) -> tensor.as(
                        writer,
                        tensor.name()
                                .replace("attentions.0.to_q", "attentions.0.query")
                                .replace("attentions.0.to_k", "attentions.0.key")
                                .replace("attentions.0.to_v", "attentions.0.value")
                                .replace("attentions.0.to_out.0", "attentions.0.proj_attn"),
                        tensor.shape()));
        try (DiffusionModel other = TinySd.load(copy)) {
            assertThat(unet(other)).isEqualTo(unet(model));
            assertThat(values(other.encodeText("red"))).isEqualTo(values(model.encodeText("red")));
            assertThat(other.decode(SIZE, TinySd.golden("vae.z")))
                    .isEqualTo(model.decode(SIZE, TinySd.golden("vae.z")));
        }
    }

    @Test
    void headsOfEachBlockAreTheirOwn() throws IOException {
        Path copy = TinySd.copy(folder.resolve("heads"));
        TinySd.edit(
                copy.resolve("unet/config.json"),
                json -> json.putArray("attention_head_dim").add(4).add(8));
        try (DiffusionModel other = TinySd.load(copy)) {
            assertThat(distanceFromGolden(other)).isGreaterThan(TOLERANCE);
        }
    }

    @Test
    void exactGeluAndSkippedLayersMakeAnotherText() throws IOException {
        Path copy = TinySd.copy(folder.resolve("gelu"));
        float[] usual = values(model.encodeText("red"));
        TinySd.edit(copy.resolve("text_encoder/config.json"), json -> json.put("hidden_act", "gelu"));
        try (DiffusionModel other = TinySd.load(copy)) {
            double distance = TinySd.distance(values(other.encodeText("red")), usual);
            assertThat(distance).isBetween(1e-5, 0.5); // the two activations are near each other
        }
        TinySd.edit(copy.resolve("text_encoder/config.json"), json -> json.put("hidden_act", "quick_gelu")
                .put("clip_skip", 1));
        try (DiffusionModel other = TinySd.load(copy)) {
            assertThat(TinySd.distance(values(other.encodeText("red")), usual)).isGreaterThan(0.01);
        }
    }

    @Test
    void modelWithoutMiddleLoads() throws IOException {
        Path copy = TinySd.copy(folder.resolve("middle"));
        TinySd.edit(copy.resolve("unet/config.json"), json -> json.putNull("mid_block_type"));
        TinySd.rewrite(
                copy.resolve(TinySd.UNET),
                (writer, tensor) -> tensor.name().startsWith("mid_block") ? writer : tensor.into(writer));
        try (DiffusionModel other = TinySd.load(copy)) {
            assertThat(unet(other)).hasSize(2 * SIZE.count()).doesNotContain(Float.NaN);
        }
    }

    /** Half the bits of each weight are gone, and the file has the name that its makers give it. */
    @Test
    void halfPrecisionFilesLoadAndAreNearTheGolden() throws IOException {
        Path copy = TinySd.copy(folder.resolve("half"));
        Path unet = copy.resolve(TinySd.UNET);
        TinySd.rewrite(unet, (writer, tensor) -> halved(writer, tensor));
        Files.move(unet, copy.resolve("unet/diffusion_pytorch_model.fp16.safetensors"));
        try (DiffusionModel other = TinySd.load(copy)) {
            assertThat(distanceFromGolden(other)).isBetween(1e-6, 0.1);
        }
    }

    private static SafetensorsWriter halved(SafetensorsWriter writer, TinySd.Tensor tensor) {
        float[] values = tensor.values();
        var buffer = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            buffer.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
        }
        return writer.tensor(tensor.name(), "BF16", buffer.array(), tensor.shape());
    }

    @Test
    void plainKernelsAreWithinTheGoldenToo() throws IOException {
        try (DiffusionModel other =
                DiffusionModel.load(TinySd.directory(), List.of(), TinySd.cpu(), KernelPolicy.exact())) {
            assertThat(distanceFromGolden(other)).isLessThan(1e-4);
        }
    }

    @Test
    void bfloat16StaysNearTheGolden() throws IOException {
        var policy = new KernelPolicy(true, false, false, 0, 0);
        try (DiffusionModel other = DiffusionModel.load(TinySd.directory(), List.of(), TinySd.cpu(), policy)) {
            assertThat(distanceFromGolden(other)).isBetween(1e-5, 0.2);
        }
    }

    /** Sides that cannot be halved evenly on the way down come back to what they were on the way up. */
    @Test
    void oddSidesGoDownAndUpAgain() {
        LatentSize size = model.latents(10, 14);
        assertThat(size).isEqualTo(new LatentSize(4, 7, 5));
        var text = model.encodeText("red");
        assertThat(model.predict(size, new float[size.count()], new float[] {5}, List.of(text)))
                .hasSize(size.count())
                .doesNotContain(Float.NaN);
    }

    @Test
    void closedModelsLeaveNoHandle() {
        long before = NativeScope.liveHandles();
        try (DiffusionModel other = TinySd.load()) {
            unet(other);
            other.encodeText("red");
            other.decode(SIZE, other.encode(TinySd.picture()));
        }
        assertThat(NativeScope.liveHandles()).isEqualTo(before);
    }
}
