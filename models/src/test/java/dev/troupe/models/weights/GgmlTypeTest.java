package dev.troupe.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Against {@code ggml-blocks.gguf}, made with PyPI's gguf 0.19.0: for each type two rows of 256 elements of random bytes
 * with halves drawn from a normal distribution as scales (F16 begins with the smallest and largest numbers and zeros),
 * and {@code TYPE.expected}, what {@code gguf.quants.dequantize} makes of them.
 */
class GgmlTypeTest {
    private static GgufFile golden;

    @BeforeAll
    static void open() throws IOException, URISyntaxException {
        var resource = Objects.requireNonNull(GgmlTypeTest.class.getResource("ggml-blocks.gguf"));
        golden = GgufFile.open(Path.of(resource.toURI()));
    }

    private static Weight weight(String name) {
        GgufTensor tensor = Objects.requireNonNull(golden.tensors().get(name), name);
        List<Long> shape = Arrays.asList(tensor.dims().get(1), tensor.dims().get(0));
        return Weight.of(golden.file(), name, tensor.type(), shape, tensor.offset());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "F32")
    void decodesExactlyAsTheReferenceDoes(GgmlType type) {
        Weight weight = weight(type.name());
        assertThat(weight.type()).isEqualTo(type);
        assertThat(weight.values()).containsExactly(weight(type + ".expected").values());
    }

    @ParameterizedTest
    @EnumSource
    void decodesAnyRangeOfRows(GgmlType type) {
        Weight weight = weight(type == GgmlType.F32 ? "Q8_0.expected" : type.name());
        float[] all = weight.values();
        assertThat(weight.rows(1, 2)).containsExactly(Arrays.copyOfRange(all, 256, 512));
        assertThat(weight.rows(1, 1)).isEmpty();
        assertThatThrownBy(() -> weight.rows(1, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"Q4_0", "Q4_1", "Q4_K"})
    void fourBitCodesMeanTheSameNumbers(GgmlType type) {
        Weight weight = weight(type.name());
        Q4Matrix q4 = weight.q4().orElseThrow();
        float[] expected = weight.values();
        for (int i = 0; i < expected.length; i++) {
            int group = i / Q4Matrix.GROUP;
            float scale = q4.scales()[group];
            float value = (q4.codes()[i] - 8) * scale + q4.zeros()[group];
            assertThat(q4.codes()[i]).isBetween((byte) 0, (byte) 15);
            // Equal but for the rounding of the zero, which folds in eight scales.
            assertThat(value).isCloseTo(expected[i], within(16 * Math.ulp(Math.abs(8 * scale))));
        }
        Q4Matrix second = weight.q4(1, 2).orElseThrow();
        assertThat(second.codes()).containsExactly(Arrays.copyOfRange(q4.codes(), 256, 512));
        assertThat(second.zeros()).containsExactly(Arrays.copyOfRange(q4.zeros(), 8, 16));
    }

    @Test
    void otherTypesHaveNoFourBitCodes() {
        var fourBit = EnumSet.of(GgmlType.Q4_0, GgmlType.Q4_1, GgmlType.Q4_K);
        for (GgmlType type : EnumSet.complementOf(fourBit)) {
            Weight weight = weight(type == GgmlType.F32 ? "Q8_0.expected" : type.name());
            assertThat(weight.isQ4()).isFalse();
            assertThat(weight.q4()).isEmpty();
        }
    }

    @Test
    void halvesKeepTheirSpecialValues() {
        assertThat(FloatBlocks.halfToFloat((short) 0x7c00)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(FloatBlocks.halfToFloat((short) 0xfc00)).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(FloatBlocks.halfToFloat((short) 0x7e00)).isNaN();
        assertThat(FloatBlocks.halfToFloat((short) 0x0001)).isEqualTo(0x1p-24f);
        assertThat(1 / FloatBlocks.halfToFloat((short) 0x8000)).isEqualTo(Float.NEGATIVE_INFINITY);
    }

    @Test
    void decodesMoreThanOneChunk() {
        byte[] bytes = new byte[34 * 5000];
        for (int block = 0; block < 5000; block++) {
            bytes[34 * block + 1] = 0x3c; // the half 1.0
            Arrays.fill(bytes, 34 * block + 2, 34 * block + 34, (byte) (block % 100));
        }
        var out = new float[32 * 5000 + 1];
        GgmlType.Q8_0.dequantise(ByteBuffer.wrap(bytes), out, 1);
        for (int i = 0; i < 32 * 5000; i++) {
            assertThat(out[i + 1]).isEqualTo(i / 32 % 100);
        }
    }

    @Test
    void refusesPartsOfBlocks() {
        assertThatThrownBy(() -> GgmlType.Q4_0.dequantise(ByteBuffer.allocate(19), new float[64], 0))
                .hasMessageContaining("19 bytes are not whole blocks of Q4_0");
        assertThatThrownBy(() -> GgmlType.Q4_K.bytes(128)).hasMessageContaining("whole blocks");
        assertThatThrownBy(() -> Weight.of(golden.file(), "v", GgmlType.Q4_0, Collections.singletonList(32L), 0))
                .hasMessageContaining("'v'");
    }
}
