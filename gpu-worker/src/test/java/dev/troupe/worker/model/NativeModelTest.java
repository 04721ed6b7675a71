package dev.troupe.worker.model;

import static dev.troupe.worker.model.TestModels.chunk;
import static dev.troupe.worker.model.TestModels.logSum;
import static dev.troupe.worker.model.TestModels.logits;
import static dev.troupe.worker.model.TestModels.slice;
import static dev.troupe.worker.model.TestModels.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.troupe.cluster.message.KvCopy;
import dev.troupe.cluster.message.SlotRef;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.models.weights.Architecture;
import dev.troupe.models.weights.GgmlType;
import dev.troupe.models.weights.ModelWeights;
import dev.troupe.models.weights.RopeScaling;
import dev.troupe.models.weights.TinyModel;
import dev.troupe.worker.sampling.LogitRequest;
import dev.troupe.worker.sampling.Ranking;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Scanner;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our own kernels on tiny random models of every family, against arithmetic in plain Java and against themselves. */
class NativeModelTest {
    /** Of the root mean square of the logits: eight bits of activations and bfloat16 keys and values. */
    private static final double NEAR = 0.1;

    @TempDir
    Path folder;

    static Stream<TinyModel> models() {
        return Stream.of(
                TinyModel.of(Architecture.LLAMA).untied(),
                TinyModel.of(Architecture.LLAMA).scaled(new RopeScaling.Llama3(8, 1, 4, 64)),
                TinyModel.of(Architecture.QWEN2),
                TinyModel.of(Architecture.QWEN3),
                TinyModel.of(Architecture.GEMMA3),
                TinyModel.of(Architecture.GEMMA3).untied(),
                TinyModel.quantised(),
                TinyModel.quantised().stored(GgmlType.Q8_0, GgmlType.F32));
    }

    private Path file(TinyModel tiny) throws IOException {
        return tiny.write(folder.resolve("m.gguf"));
    }

    private static StepInput prompt(SlotRef slot, int start, int... tokens) {
        return new StepInput(List.of(), List.of(chunk(slot, start, tokens)));
    }

    private static StepInput decode(SlotRef slot, int position, int token) {
        return new StepInput(List.of(new StepInput.Decode(slot, position, token)), List.of());
    }

    private static void assertNear(float[] logits, double[] expected) {
        double difference = 0;
        double size = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow(logits[i] - expected[i], 2);
            size += Math.pow(expected[i], 2);
        }
        assertThat(Math.sqrt(difference / size)).isLessThan(NEAR);
    }

    @ParameterizedTest
    @MethodSource("models")
    void promptInPiecesAndDecodesAreNearPlainArithmetic(TinyModel tiny) throws Exception {
        Path file = file(tiny);
        int[] tokens = tokens(40); // longer than the window of the local layers, and than two tiles of keys
        var slot = new SlotRef(0, 256, 3);
        try (var weights = ModelWeights.open(file);
                Model model = TestModels.loadNative(file)) {
            var reference = new ReferenceModel(weights);
            assertNear(logits(model, prompt(slot, 0, slice(tokens, 0, 7)))[0], reference.logits(slice(tokens, 0, 7)));
            assertNear(logits(model, prompt(slot, 7, slice(tokens, 7, 34)))[0], reference.logits(slice(tokens, 0, 34)));
            for (int at = 34; at < 40; at++) {
                float[] next = logits(model, decode(slot, at, tokens[at]))[0];
                assertNear(next, reference.logits(slice(tokens, 0, at + 1)));
            }
        }
    }

    /** Not nearly: to the last bit, in however many pieces, beside however many others. */
    @ParameterizedTest
    @MethodSource("models")
    void aRowComesOutTheSameWhateverIsBesideIt(TinyModel tiny) throws Exception {
        var random = new Random(5);
        try (Model model = TestModels.loadNative(file(tiny))) {
            var decodes = new ArrayList<StepInput.Decode>();
            var alone = new ArrayList<float[]>();
            for (int i = 0; i < 23; i++) {
                var slot = i % 2 == 0 ? new SlotRef(0, 32, i) : new SlotRef(2, 64, i / 2);
                int[] text = random.ints(2 + random.nextInt(28), 3, 250).toArray();
                int last = text.length - 1;
                logits(model, prompt(slot, 0, slice(text, 0, last)));
                decodes.add(new StepInput.Decode(slot, last, text[last]));
                alone.add(logits(model, decode(slot, last, text[last]))[0]);
            }
            int[] longer = tokens(300);
            float[] whole = logits(model, prompt(new SlotRef(1, 512, 0), 0, longer))[0];
            logits(model, prompt(new SlotRef(1, 512, 1), 0, slice(longer, 0, 90)));
            var rest = chunk(new SlotRef(1, 512, 1), 90, slice(longer, 90, 300));

            float[][] together = logits(model, new StepInput(decodes, List.of(rest)));

            for (int i = 0; i < alone.size(); i++) {
                assertThat(together[i]).as("decode %d", i).isEqualTo(alone.get(i));
            }
            assertThat(together[alone.size()]).isEqualTo(whole);
        }
    }

    @Test
    void everyWantedRowOfAPieceIsAnswered() throws Exception {
        int[] tokens = tokens(30);
        var slot = new SlotRef(0, 64, 0);
        try (Model model = TestModels.loadNative(file(TinyModel.quantised()))) {
            logits(model, prompt(slot, 0, slice(tokens, 0, 26)));
            var expected = new ArrayList<float[]>();
            for (int at = 26; at < 30; at++) {
                expected.add(logits(model, decode(slot, at, tokens[at]))[0]);
            }
            var guesses = new StepInput.Chunk(slot, 26, TokenIds.of(slice(tokens, 26, 30)), 4);
            assertThat(logits(model, new StepInput(List.of(), List.of(guesses))))
                    .isDeepEqualTo(expected.toArray(float[][]::new));
        }
    }

    @Test
    void movedSequenceGoesOnAsIfItHadNot() throws Exception {
        int[] tokens = tokens(33);
        try (Model model = TestModels.loadNative(file(TinyModel.of(Architecture.LLAMA)))) {
            var small = new SlotRef(0, 32, 4);
            var large = new SlotRef(2, 64, 3);
            float[] expected = logits(model, prompt(new SlotRef(3, 64, 0), 0, tokens))[0];
            logits(model, prompt(small, 0, slice(tokens, 0, 32)));
            model.copy(new KvCopy.Move(small, large, 32));
            logits(model, prompt(small, 0, tokens(30))); // another takes the old slot
            assertThat(logits(model, decode(large, 32, tokens[32]))[0]).isEqualTo(expected);
        }
    }

    /** Blocks are half of a tile, so a prefix may end in the middle of one. */
    @Test
    void savedPrefixIsRestoredIntoAnotherSlot() throws Exception {
        int[] tokens = tokens(100);
        try (Model model = TestModels.loadNative(file(TinyModel.of(Architecture.QWEN2)))) {
            var from = new SlotRef(0, 128, 1);
            float[] expected = logits(model, prompt(from, 0, tokens))[0];
            model.copy(new KvCopy.Save(from, 0, List.of(7, 30, 3)));
            model.copy(new KvCopy.Save(from, 24, List.of(31, 0, 12, 11, 10, 9, 8, 1)));
            logits(model, prompt(from, 0, tokens(99)));
            for (int blocks : new int[] {11, 10, 3, 1}) {
                var to = new SlotRef(3, 256, blocks % 4);
                logits(model, prompt(to, 0, tokens(99)));
                model.copy(new KvCopy.Restore(
                        List.of(7, 30, 3, 31, 0, 12, 11, 10, 9, 8, 1).subList(0, blocks), to));
                float[] next = logits(model, prompt(to, 8 * blocks, slice(tokens, 8 * blocks, 100)))[0];
                assertThat(next).as("%d blocks", blocks).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void blocksCarriedToAnotherModelGiveTheSameLogitsToTheBit(TinyModel tiny) throws Exception {
        Path file = file(tiny);
        int[] tokens = tokens(60);
        var slot = new SlotRef(1, 256, 2);
        float[] expected;
        byte[] carried;
        try (Model model = TestModels.loadNative(file)) {
            expected = logits(model, prompt(slot, 0, tokens))[0];
            model.copy(new KvCopy.Save(slot, 0, List.of(7, 30, 3, 0, 31, 12)));
            carried = model.readBlocks(List.of(7, 30, 3, 0, 31, 12));
            assertThat(carried).hasSize(6 * model.blockBytes());
        }
        try (Model model = TestModels.loadNative(file)) {
            model.writeBlocks(List.of(5, 6, 1, 2, 3, 31), carried);
            assertThat(model.readBlocks(List.of(31, 5)))
                    .isEqualTo(
                            TestModels.join(TestModels.block(carried, 5, model), TestModels.block(carried, 0, model)));
            model.copy(new KvCopy.Restore(List.of(5, 6, 1, 2, 3, 31), slot));
            assertThat(logits(model, prompt(slot, 48, slice(tokens, 48, 60)))[0])
                    .isEqualTo(expected);
        }
    }

    @Test
    void blocksOutsideTheMemoryAndBytesOfAnotherSizeAreRefused() throws Exception {
        try (Model model = TestModels.loadNative(file(TinyModel.of(Architecture.LLAMA)))) {
            TestModels.assertRefusesWrongBlocks(model);
        }
    }

    @Test
    void penaltiesAndBiasChangeTheAdjustedLogitsOnly() throws Exception {
        var input = new StepInput(
                List.of(),
                List.of(chunk(new SlotRef(0, 256, 0), 0, 5, 6, 7), chunk(new SlotRef(0, 256, 1), 0, 5, 6, 7)));
        try (Model model = TestModels.loadNative(file(TinyModel.of(Architecture.LLAMA)))) {
            var changed = new LogitRequest(false, 0.5f, Set.of(5, 6), 2, Map.of(6, 1f, 7, -3f), true);
            try (StepOutput output = model.step(input, List.of(changed, LogitRequest.LIKELIEST))) {
                float[] raw = output.raw(0).logits();
                float[] expected = raw.clone();
                for (int token : new int[] {5, 6}) {
                    expected[token] = raw[token] > 0 ? raw[token] / 2 : raw[token] * 2;
                }
                expected[6] += 1;
                expected[7] -= 3;
                assertThat(output.adjusted(0).logits()).containsExactly(expected, offset(1e-5f));
                assertThat(output.adjusted(0).logSum()).isCloseTo(logSum(expected, 0.5), offset(1e-4f));
                assertThat(output.raw(0).logSum()).isCloseTo(logSum(raw, 1), offset(1e-4f));
                assertThat(output.likeliest(1)).isEqualTo(output.raw(0).head().id(0));
                assertRanked(output.adjusted(0).head(), expected);
                assertRanked(output.raw(0).head(), raw);
            }
        }
    }

    private static void assertRanked(Ranking head, float[] row) {
        var whole = Ranking.ofRow(row);
        for (int rank = 0; rank < head.size(); rank++) {
            assertThat(head.id(rank)).isEqualTo(whole.id(rank));
        }
    }

    @Test
    void inputOutsideTheMemoryIsRefusedAndTheModelGoesOn() throws Exception {
        try (Model model = TestModels.loadNative(file(TinyModel.of(Architecture.LLAMA)))) {
            refused(model, new StepInput.Decode(new SlotRef(4, 256, 0), 0, 5));
            refused(model, new StepInput.Decode(new SlotRef(0, 256, 4), 0, 5));
            refused(model, new StepInput.Decode(new SlotRef(0, 256, 0), 256, 5));
            refused(model, new StepInput.Decode(new SlotRef(0, 256, 0), 0, model.vocab()));
            refused(model, new StepInput.Decode(new SlotRef(0, 256, 0), 0, -1));
            refused(model, new StepInput.Decode(new SlotRef(0, 40, 0), 0, 5));
            var twice = new StepInput.Decode(new SlotRef(0, 256, 0), 3, 5);
            refused(model, twice, twice);
            assertThatThrownBy(() -> model.copy(new KvCopy.Restore(List.of(32), new SlotRef(0, 256, 0))))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> model.copy(new KvCopy.Restore(List.of(1, 2, 3, 4, 5), new SlotRef(0, 32, 0))))
                    .isInstanceOf(IllegalArgumentException.class);
            logits(model, prompt(new SlotRef(0, 256, 0), 0, 5, 6));
        }
    }

    @Test
    void aStepAfterTheCloseIsRefusedAndTheProcessLives() throws Exception {
        Model model = TestModels.loadNative(file(TinyModel.of(Architecture.LLAMA)));
        model.close();

        assertThatThrownBy(() -> logits(model, prompt(new SlotRef(0, 256, 0), 0, 5, 6)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        model.close();
    }

    private static void refused(Model model, StepInput.Decode... decodes) {
        assertThatThrownBy(() -> logits(model, new StepInput(List.of(decodes), List.of())))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** A tiny model has some kilobytes a step, so a leak of one in each of these steps would be megabytes. */
    @Test
    void stepsOfManySizesAndModelsComeAndGoWithoutTakingMemory() throws Exception {
        Path file = file(TinyModel.quantised());
        work(file);
        long before = residentPages();
        for (int i = 0; i < 10; i++) {
            work(file);
        }
        assertThat(residentPages() - before).as("pages of 4 KB").isLessThan(2_000);
    }

    private static void work(Path file) throws IOException {
        try (Model model = TestModels.loadNative(file)) {
            for (int rows = 1; rows < 200; rows += 3) {
                logits(model, prompt(new SlotRef(1, 256, 0), 0, tokens(rows)));
                logits(model, decode(new SlotRef(0, 1024, 0), rows, 5));
            }
        }
    }

    private static long residentPages() throws IOException {
        System.gc();
        return new Scanner(Files.readString(Path.of("/proc/self/statm")))
                .skip("\\d+")
                .nextLong();
    }
}
