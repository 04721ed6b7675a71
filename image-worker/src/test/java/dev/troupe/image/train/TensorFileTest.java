package dev.troupe.image.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.image.model.Learner;
import dev.troupe.models.weights.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorFileTest {
    @TempDir
    Path folder;

    @Test
    void everyHalfComesBackAsItWas() throws IOException {
        var halves = new float[2 * 0x7C00];
        for (int i = 0; i < halves.length; i++) {
            int bits = i % 0x7C00;
            float magnitude = bits < 0x400
                    ? bits * 0x1p-24f
                    : (float) Math.scalb(1 + (bits & 0x3FF) / 1024.0, (bits >>> 10) - 15);
            halves[i] = i < 0x7C00 ? magnitude : -magnitude;
        }
        assertThat(written(halves)).containsExactly(halves);
    }

    @Test
    void whatIsBetweenTwoHalvesGoesToTheNearerAndAtATieToTheEven() throws IOException {
        float step = 0x1p-10f;
        float[] between = {1 + step * 0.4f, 1 + step * 0.6f, 1 + step * 0.5f, 1 + step * 1.5f, 0x1p-25f, 0x1.8p-24f};
        assertThat(written(between)).containsExactly(1, 1 + step, 1, 1 + 2 * step, 0, 0x1p-23f);
    }

    @Test
    void whatIsTooLargeIsInfinite() throws IOException {
        assertThat(written(new float[] {65504, 65519, 65520, -1e9f}))
                .containsExactly(65504, 65504, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);
    }

    private float[] written(float[] values) throws IOException {
        Path file = folder.resolve("x.safetensors");
        var tensors = new LinkedHashMap<String, Learner.Tensor>();
        tensors.put("a", new Learner.Tensor(List.of(1L), new float[] {1}));
        tensors.put("b", new Learner.Tensor(List.of((long) values.length), values));
        TensorFile.write(file, tensors);
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            return read.weight("b").values();
        }
    }
}
