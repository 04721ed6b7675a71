package dev.troupe.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.models.ModelFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {
    @TempDir
    Path directory;

    private SafetensorsFile open(byte[] bytes) throws IOException {
        return SafetensorsFile.open(Files.write(directory.resolve("m.safetensors"), bytes));
    }

    private void refused(byte[] bytes, String problem) {
        assertThatThrownBy(() -> open(bytes))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("m.safetensors")
                .hasMessageContaining(problem)
                .hasMessageNotContaining("\n");
    }

    private void refused(String header, String problem) {
        refused(SafetensorsWriter.toBytes(header, new byte[16]), problem);
    }

    private static SafetensorsWriter small() {
        float[] values = {1, -2, 0.5f, 0, 3, -0.25f};
        return new SafetensorsWriter()
                .tensor("single", "F32", Quantiser.encode(GgmlType.F32, values), 2, 3)
                .tensor("half", "F16", Quantiser.encode(GgmlType.F16, values), 3, 2)
                .tensor("brain", "BF16", Quantiser.encode(GgmlType.BF16, values), 6)
                .tensor("ids", "I64", new byte[16], 2)
                .tensor("scalar", "F32", new byte[4])
                .tensor("cube", "F32", Quantiser.encode(GgmlType.F32, values), 1, 3, 2);
    }

    @Test
    void readsFloatsOfEveryKind() throws IOException {
        try (SafetensorsFile file = open(small().toBytes())) {
            for (String name : new String[] {"single", "half", "brain", "cube"}) {
                assertThat(file.weight(name).values()).as(name).containsExactly(1, -2, 0.5f, 0, 3, -0.25f);
            }
            assertThat(file.weight("single").rows()).isEqualTo(2);
            assertThat(file.weight("single").cols()).isEqualTo(3);
            assertThat(file.weight("brain").cols()).isEqualTo(1);
            assertThat(file.weight("cube").cols()).isEqualTo(6);
            assertThat(file.weight("scalar").values()).containsExactly(0);
            assertThat(file.tensors().get("ids").shape()).containsExactly(2L);
            assertThat(file.tensors()).doesNotContainKey("__metadata__");
        }
    }

    @Test
    void saysWhichTensorCannotBeRead() throws IOException {
        try (SafetensorsFile file = open(small().toBytes())) {
            assertThatThrownBy(() -> file.weight("ids"))
                    .isInstanceOf(ModelFormatException.class)
                    .hasMessageContaining("'ids' is stored as I64");
            assertThatThrownBy(() -> file.weight("absent")).hasMessageContaining("'absent' is missing");
        }
    }

    @Test
    void refusesEveryTruncation() {
        byte[] whole = small().toBytes();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> open(cut)).as("length %d", length).isInstanceOf(ModelFormatException.class);
        }
    }

    @Test
    void refusesHeadersThatLie() {
        for (long length : new long[] {-1, 0, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 32}) {
            refused(
                    ByteBuffer.allocate(64)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(length)
                            .array(),
                    "its header");
        }
        refused("[]", "not a JSON object");
        refused("{\"a\":", "not JSON");
        refused("{\"a\":1}", "'a' lacks dtype");
        refused(entry("F32", "[4]", "[0,16,3]"), "'a' lacks dtype");
        refused(entry("F32", "[4]", "[0,17]"), "lies outside");
        refused(entry("F32", "[4]", "[16,0]"), "lies outside");
        refused(entry("F32", "[5]", "[0,16]"), "has not the bytes");
        refused(entry("F32", "[-4]", "[0,16]"), "not a natural number");
        refused(entry("F32", "[1.5]", "[0,16]"), "not a natural number");
        refused(entry("F32", "[4294967296,4294967296]", "[0,0]"), "a dimension of");
        refused(entry("F32", "[4]", "[0,99999999999999999999]"), "not a natural number");
        refused("{" + inner("F32", "[4]", "[0,16]") + "," + inner("F32", "[4]", "[0,16]") + "}", "Duplicate");
        refused(
                "{" + inner("F32", "[4]", "[0,16]") + ","
                        + inner("F32", "[1]", "[8,12]").replace("\"a\"", "\"b\"") + "}",
                "'a' and 'b' overlap");
        refused("[".repeat(100_000), "not JSON");
    }

    private static String entry(String dtype, String shape, String offsets) {
        return "{" + inner(dtype, shape, offsets) + "}";
    }

    private static String inner(String dtype, String shape, String offsets) {
        return "\"a\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}";
    }

    @Test
    void givesTensorsOrAClearRefusalWhateverBytesAreFlipped() throws IOException {
        byte[] whole = small().toBytes();
        var random = new Random(3);
        int refusals = 0;
        for (int round = 0; round < 1500; round++) {
            byte[] bytes = whole.clone();
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            try (SafetensorsFile file = open(bytes)) {
                for (String name : file.tensors().keySet()) {
                    file.weight(name).values();
                }
            } catch (ModelFormatException expected) {
                refusals++;
            }
        }
        assertThat(refusals).isGreaterThan(150);
    }
}
