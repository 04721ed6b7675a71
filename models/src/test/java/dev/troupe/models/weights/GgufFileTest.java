package dev.troupe.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.models.ModelFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufFileTest {
    /** Where the counts of tensors and of keys stand in a file. */
    private static final int TENSOR_COUNT = 8;

    private static final int KEY_COUNT = 16;

    @TempDir
    Path directory;

    private static GgufWriter small() {
        return new GgufWriter()
                .put("general.architecture", "llama")
                .put("llama.block_count", 2)
                .put("llama.rope.freq_base", 10000f)
                .put("tokenizer.ggml.add_bos_token", true)
                .putStrings("tokenizer.ggml.tokens", List.of("a", "", "ü"))
                .putFloats("tokenizer.ggml.scores", 0.5f, -1f)
                .putInts("tokenizer.ggml.token_type", 1, 3)
                .tensor("one", GgmlType.F32, new byte[4 * 6], 3, 2)
                .tensor("two", GgmlType.Q8_0, new byte[34], 32);
    }

    private GgufFile open(byte[] bytes) throws IOException {
        Path path = directory.resolve("m.gguf");
        Files.write(path, bytes);
        return GgufFile.open(path);
    }

    private void refused(byte[] bytes, String problem) {
        assertThatThrownBy(() -> open(bytes))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("m.gguf")
                .hasMessageContaining(problem)
                .hasMessageNotContaining("\n");
    }

    @Test
    void readsTypedMetadata() throws IOException {
        GgufMetadata metadata = open(small().toBytes()).metadata();
        assertThat(metadata.string("general.architecture")).contains("llama");
        assertThat(metadata.natural("llama.block_count")).hasValue(2);
        assertThat(metadata.integer("llama.block_count")).hasValue(2);
        assertThat(metadata.number("llama.rope.freq_base")).hasValue(10000);
        assertThat(metadata.bool("tokenizer.ggml.add_bos_token")).contains(true);
        assertThat(metadata.strings("tokenizer.ggml.tokens")).contains(List.of("a", "", "ü"));
        assertThat(metadata.floats("tokenizer.ggml.scores").orElseThrow()).containsExactly(0.5f, -1f);
        assertThat(metadata.ints("tokenizer.ggml.token_type").orElseThrow()).containsExactly(1, 3);
        assertThat(metadata.string("absent")).isEmpty();
        assertThat(metadata.keys()).hasSize(7);
    }

    @Test
    void refusesAKeyOfAnotherType() throws IOException {
        GgufMetadata metadata = open(small().toBytes()).metadata();
        assertThatThrownBy(() -> metadata.string("llama.block_count"))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("'llama.block_count' is not a string");
        assertThatThrownBy(() -> metadata.floats("tokenizer.ggml.tokens")).hasMessageContaining("array of strings");
        assertThatThrownBy(() -> metadata.strings("tokenizer.ggml.scores")).hasMessageContaining("array of strings");
        assertThatThrownBy(() -> metadata.ints("tokenizer.ggml.scores")).hasMessageContaining("not an int");
        assertThatThrownBy(() -> metadata.natural("general.architecture")).hasMessageContaining("not an integer");
    }

    @Test
    void readsTheTensorTable() throws IOException {
        GgufFile file = open(small().toBytes());
        assertThat(file.tensors().keySet()).containsExactly("one", "two");
        GgufTensor one = file.tensors().get("one");
        assertThat(one.dims()).containsExactly(3L, 2L);
        assertThat(one.type()).isEqualTo(GgmlType.F32);
        assertThat(one.bytes()).isEqualTo(24);
        assertThat(file.tensors().get("two").offset() - one.offset()).isEqualTo(32);
    }

    @Test
    void readsVersionTwo() throws IOException {
        assertThat(open(new GgufWriter(2).put("k", 7).toBytes()).metadata().natural("k"))
                .hasValue(7);
    }

    @Test
    void refusesForeignFiles() {
        refused("PK\3\4 a zip and no model".getBytes(StandardCharsets.US_ASCII), "not a GGUF file");
        refused(new byte[0], "ends inside the magic");
        refused(new GgufWriter(1).toBytes(), "of version 1");
        refused(new GgufWriter(Integer.reverseBytes(3)).toBytes(), "big-endian");
    }

    @Test
    void passesOnThatThereIsNoFile() {
        assertThatThrownBy(() -> GgufFile.open(directory.resolve("none.gguf"))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void refusesEveryTruncation() {
        byte[] whole = small().toBytes();
        int tail = 32 - 34 % 32; // padding after the last tensor says nothing
        for (int length = 0; length < whole.length - tail; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> open(cut)).as("length %d", length).isInstanceOf(ModelFormatException.class);
        }
    }

    @Test
    void refusesAbsurdCounts() {
        for (int at : new int[] {TENSOR_COUNT, KEY_COUNT}) {
            for (long count : new long[] {-1, Long.MAX_VALUE, 1L << 40, 1 << 16}) {
                byte[] bytes = small().toBytes();
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(at, count);
                refused(bytes, "the number of");
            }
        }
    }

    @Test
    void refusesTensorsThatLieOutsideTheFileOrOnEachOther() {
        var bytes = new byte[64];
        refused(new GgufWriter().tensor("t", 0, 1 << 20, bytes, 16).toBytes(), "beyond the end");
        refused(new GgufWriter().tensor("t", 0, -32, bytes, 16).toBytes(), "the offset of tensor 't'");
        refused(new GgufWriter().tensor("t", 0, 8, bytes, 4).toBytes(), "has offset 8");
        refused(
                new GgufWriter()
                        .tensor("t", 0, 0, bytes, 16)
                        .tensor("u", 0, 32, bytes, 16)
                        .toBytes(),
                "overlap");
        refused(
                new GgufWriter()
                        .tensor("t", GgmlType.F32, bytes, 16)
                        .tensor("t", GgmlType.F32, bytes, 16)
                        .toBytes(),
                "occurs twice");
    }

    @Test
    void refusesImpossibleShapesAndTypes() {
        refused(new GgufWriter().tensor("t", 0, 0, new byte[0], 0).toBytes(), "dimension of 0");
        refused(new GgufWriter().tensor("t", 0, 0, new byte[0]).toBytes(), "has 0 dimensions");
        refused(new GgufWriter().tensor("t", 0, 0, new byte[0], 1, 1, 1, 1, 1).toBytes(), "has 5 dimensions");
        refused(
                new GgufWriter()
                        .tensor("t", 0, 0, new byte[0], 1L << 40, 1L << 40)
                        .toBytes(),
                "dimension of");
        refused(new GgufWriter().tensor("t", 2, 0, new byte[64], 33).toBytes(), "whole blocks of Q4_0");
        refused(new GgufWriter().tensor("t", 16, 0, new byte[64], 32).toBytes(), "ggml type 16");
        refused(new GgufWriter().put("k", 1).put("k", 2).toBytes(), "occurs twice");
        refused(new GgufWriter().put("general.alignment", 0).toBytes(), "general.alignment");
    }

    @Test
    void keepsControlCharactersOutOfMessages() {
        refused(
                new GgufWriter()
                        .tensor("a\nb\u001b[2J", 16, 0, new byte[64], 32)
                        .toBytes(),
                "a?b?[2J");
    }

    @Test
    void givesAModelOrAClearRefusalWhateverBytesAreFlipped() throws IOException {
        byte[] whole = small().toBytes();
        var random = new Random(7);
        int refusals = 0;
        for (int round = 0; round < 2000; round++) {
            byte[] bytes = whole.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                GgufFile file = open(bytes);
                for (GgufTensor tensor : file.tensors().values()) {
                    file.file().slice(tensor.offset(), tensor.bytes());
                }
            } catch (ModelFormatException expected) {
                refusals++;
            }
        }
        assertThat(refusals).isBetween(200, 1999);
    }
}
