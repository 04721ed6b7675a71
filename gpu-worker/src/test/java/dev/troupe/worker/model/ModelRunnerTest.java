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
import dev.troupe.device.KernelPolicy;
import dev.troupe.device.NativeScope;
import dev.troupe.models.weights.Architecture;
import dev.troupe.models.weights.GgmlType;
import dev.troupe.models.weights.ModelWeights;
import dev.troupe.models.weights.RopeScaling;
import dev.troupe.models.weights.TinyModel;
import dev.troupe.worker.sampling.LogitRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tiny random models of every family against arithmetic in plain Java. */
class ModelRunnerTest {
    private static final double EXACT = 2e-4;

    @TempDir
    Path folder;

    static Stream<TinyModel> models() {
        return Stream.of(
                TinyModel.of(Architecture.LLAMA),
                TinyModel.of(Architecture.LLAMA).untied(),
                TinyModel.of(Architecture.LLAMA).scaled(new RopeScaling.Linear(4)),
                TinyModel.of(Architecture.LLAMA).scaled(new RopeScaling.Llama3(8, 1, 4, 64)),
                TinyModel.of(Architecture.QWEN2),
                TinyModel.of(Architecture.QWEN3),
                TinyModel.of(Architecture.GEMMA3),
                TinyModel.of(Architecture.GEMMA3).untied(),
                TinyModel.quantised(),
                TinyModel.quantised().stored(GgmlType.Q8_0, GgmlType.F32));
    }

    private static void assertClose(float[] logits, double[] expected, double tolerance) {
        assertThat(logits).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) logits[i]).as("token %d", i).isCloseTo(expected[i], offset(tolerance));
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void promptInOnePieceEqualsPlainArithmetic(TinyModel tiny) throws Exception {
        Path file = tiny.write(folder.resolve("m.gguf"));
        int[] tokens = tokens(21); // longer than the window of the local layers
        try (var weights = ModelWeights.open(file);
                var model = TestModels.load(file, KernelPolicy.exact())) {
            var input = new StepInput(List.of(), List.of(chunk(new SlotRef(1, 64, 2), 0, tokens)));
            assertClose(logits(model, input)[0], new ReferenceModel(weights).logits(tokens), EXACT);
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void promptInPiecesAndDecodesEqualPlainArithmetic(TinyModel tiny) throws Exception {
        Path file = tiny.write(folder.resolve("m.gguf"));
        int[] tokens = tokens(24);
        var slot = new SlotRef(0, 256, 3);
        try (var weights = ModelWeights.open(file);
                var model = TestModels.load(file, KernelPolicy.exact())) {
            var reference = new ReferenceModel(weights);
            logits(model, new StepInput(List.of(), List.of(chunk(slot, 0, slice(tokens, 0, 7)))));
            float[] middle = logits(model, new StepInput(List.of(), List.of(chunk(slot, 7, slice(tokens, 7, 18)))))[0];
            assertClose(middle, reference.logits(slice(tokens, 0, 18)), EXACT);
            for (int at = 18; at < 24; at++) {
                var decode = new StepInput.Decode(slot, at, tokens[at]);
                float[] next = logits(model, new StepInput(List.of(decode), List.of()))[0];
                assertClose(next, reference.logits(slice(tokens, 0, at + 1)), EXACT);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void fastKernelsStayNearPlainArithmetic(TinyModel tiny) throws Exception {
        Path file = tiny.write(folder.resolve("m.gguf"));
        int[] tokens = tokens(21);
        var slot = new SlotRef(0, 256, 0);
        for (KernelPolicy policy : List.of(
                KernelPolicy.fast(TestModels.cpu()),
                KernelPolicy.fast(TestModels.cpu()).withoutInt4())) {
            try (var weights = ModelWeights.open(file);
                    var model = TestModels.load(file, policy)) {
                logits(model, new StepInput(List.of(), List.of(chunk(slot, 0, slice(tokens, 0, 20)))));
                var decode = new StepInput.Decode(slot, 20, tokens[20]);
                float[] fast = logits(model, new StepInput(List.of(decode), List.of()))[0];
                assertThat(distance(fast, new ReferenceModel(weights).logits(tokens)))
                        .isLessThan(0.03);
            }
        }
    }

    /** Root mean square of the difference, relative to that of the expected logits. */
    private static double distance(float[] logits, double[] expected) {
        double difference = 0;
        double size = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow(logits[i] - expected[i], 2);
            size += Math.pow(expected[i], 2);
        }
        return Math.sqrt(difference / size);
    }

    @Test
    void huggingFaceDirectoryEqualsGguf() throws Exception {
        for (Architecture architecture : Architecture.values()) {
            TinyModel tiny = TinyModel.of(architecture);
            Path file = tiny.write(folder.resolve(architecture + ".gguf"));
            Path directory = tiny.writeHuggingFace(folder.resolve(architecture + ".hf"), 2);
            var input = new StepInput(List.of(), List.of(chunk(new SlotRef(0, 256, 0), 0, tokens(12))));
            try (var one = TestModels.load(file, KernelPolicy.exact());
                    var other = TestModels.load(directory, KernelPolicy.exact())) {
                assertThat(logits(other, input)).isDeepEqualTo(logits(one, input));
            }
        }
    }

    /** Sixteen sequences of any lengths, with empty slots between, in two slot sizes, beside a prompt: each as if alone. */
    @ParameterizedTest
    @MethodSource("models")
    void mixedBatchEqualsEachAlone(TinyModel tiny) throws Exception {
        Path file = tiny.write(folder.resolve("m.gguf"));
        var random = new Random(5);
        var decodes = new ArrayList<StepInput.Decode>();
        var texts = new ArrayList<int[]>();
        try (var weights = ModelWeights.open(file);
                var model = TestModels.load(file, KernelPolicy.exact())) {
            var reference = new ReferenceModel(weights);
            for (int i = 0; i < 16; i++) {
                var slot = i % 2 == 0 ? new SlotRef(0, 32, i * 2 - (i % 4)) : new SlotRef(2, 64, 15 - i);
                int[] text = random.ints(2 + random.nextInt(28), 3, 250).toArray();
                texts.add(text);
                var prompt = new StepInput.Chunk(slot, 0, TokenIds.of(slice(text, 0, text.length - 1)), 0);
                logits(model, new StepInput(List.of(), List.of(prompt)));
                decodes.add(new StepInput.Decode(slot, text.length - 1, text[text.length - 1]));
            }
            int[] first = tokens(9);
            int[] second = tokens(5);
            texts.add(first);
            texts.add(second);
            var chunks = List.of(chunk(new SlotRef(1, 512, 0), 0, first), chunk(new SlotRef(3, 512, 1), 0, second));
            float[][] together = logits(model, new StepInput(decodes, chunks));
            for (int i = 0; i < texts.size(); i++) {
                assertClose(together[i], reference.logits(texts.get(i)), EXACT);
            }
        }
    }

    @Test
    void batchedProductsEqualTheFusedKernel() throws Exception {
        Path file = TinyModel.of(Architecture.GEMMA3).write(folder.resolve("m.gguf"));
        var exact = KernelPolicy.exact();
        var batched = new KernelPolicy(false, false, false, 0, 0);
        int[] tokens = tokens(18);
        var slots = List.of(new SlotRef(0, 32, 1), new SlotRef(0, 32, 3));
        var rows = new ArrayList<float[][]>();
        for (KernelPolicy policy : List.of(exact, batched)) {
            try (var model = TestModels.load(file, policy)) {
                var prompts = slots.stream()
                        .map(slot -> chunk(slot, 0, slice(tokens, 0, 17)))
                        .toList();
                logits(model, new StepInput(List.of(), prompts));
                var decodes = slots.stream()
                        .map(slot -> new StepInput.Decode(slot, 17, tokens[17]))
                        .toList();
                rows.add(logits(model, new StepInput(decodes, List.of())));
            }
        }
        for (int i = 0; i < 2; i++) {
            double[] fused = new double[rows.get(0)[i].length];
            for (int t = 0; t < fused.length; t++) {
                fused[t] = rows.get(0)[i][t];
            }
            assertClose(rows.get(1)[i], fused, EXACT);
        }
    }

    @Test
    void movedSequenceGoesOnAsIfItHadNot() throws Exception {
        Path file = TinyModel.of(Architecture.LLAMA).write(folder.resolve("m.gguf"));
        int[] tokens = tokens(33);
        try (var weights = ModelWeights.open(file);
                var model = TestModels.load(file, KernelPolicy.exact())) {
            var small = new SlotRef(0, 32, 4);
            var large = new SlotRef(2, 64, 3);
            logits(model, new StepInput(List.of(), List.of(chunk(small, 0, slice(tokens, 0, 32)))));
            model.copy(new KvCopy.Move(small, large, 32));
            logits(model, new StepInput(List.of(), List.of(chunk(small, 0, tokens(30))))); // another takes the old slot
            var decode = new StepInput.Decode(large, 32, tokens[32]);
            float[] next = logits(model, new StepInput(List.of(decode), List.of()))[0];
            assertClose(next, new ReferenceModel(weights).logits(tokens), EXACT);
        }
    }

    @Test
    void savedPrefixIsRestoredIntoAnotherSlot() throws Exception {
        Path file = TinyModel.of(Architecture.QWEN2).write(folder.resolve("m.gguf"));
        int[] tokens = tokens(100);
        try (var weights = ModelWeights.open(file);
                var model = TestModels.load(file, KernelPolicy.exact())) {
            var from = new SlotRef(0, 128, 1);
            var to = new SlotRef(3, 256, 2);
            logits(model, new StepInput(List.of(), List.of(chunk(from, 0, slice(tokens, 0, 99)))));
            model.copy(new KvCopy.Save(from, 0, List.of(7, 30, 3, 4)));
            model.copy(new KvCopy.Save(from, 32, List.of(31, 0, 12, 11, 10, 9, 8, 1)));
            logits(model, new StepInput(List.of(), List.of(chunk(from, 0, tokens(99)))));
            model.copy(new KvCopy.Restore(List.of(7, 30, 3, 4, 31, 0, 12, 11, 10, 9, 8, 1), to));
            float[] next = logits(model, new StepInput(List.of(), List.of(chunk(to, 96, slice(tokens, 96, 100)))))[0];
            assertClose(next, new ReferenceModel(weights).logits(tokens), EXACT);
        }
    }

    @Test
    void penaltiesAndBiasChangeTheAdjustedLogitsOnly() throws Exception {
        Path file = TinyModel.of(Architecture.LLAMA).write(folder.resolve("m.gguf"));
        var slot = new SlotRef(0, 256, 0);
        var input =
                new StepInput(List.of(), List.of(chunk(slot, 0, 5, 6, 7), chunk(new SlotRef(0, 256, 1), 0, 5, 6, 7)));
        try (var model = TestModels.load(file, KernelPolicy.exact())) {
            var changed = new LogitRequest(false, 0.5f, Set.of(5, 6), 2, Map.of(6, 1f, 7, -3f), true);
            try (StepOutput output = model.step(input, List.of(changed, LogitRequest.LIKELIEST))) {
                float[] raw = output.raw(0).logits();
                float[] adjusted = output.adjusted(0).logits();
                float[] expected = raw.clone();
                for (int token : new int[] {5, 6}) {
                    expected[token] = raw[token] > 0 ? raw[token] / 2 : raw[token] * 2;
                }
                expected[6] += 1;
                expected[7] -= 3;
                assertThat(adjusted).containsExactly(expected, offset(1e-5f));
                assertThat(output.adjusted(0).logSum()).isCloseTo(logSum(expected, 0.5), offset(1e-4f));
                assertThat(output.raw(0).logSum()).isCloseTo(logSum(raw, 1), offset(1e-4f));
                assertThat(output.likeliest(1)).isEqualTo(output.raw(0).head().id(0));
                assertThat(output.adjusted(0).head().logit(0)).isEqualTo(max(adjusted));
            }
        }
    }

    private static float max(float[] row) {
        float max = row[0];
        for (float value : row) {
            max = Math.max(max, value);
        }
        return max;
    }

    @Test
    void inputOutsideTheMemoryIsRefusedAndTheModelGoesOn() throws Exception {
        Path file = TinyModel.of(Architecture.LLAMA).write(folder.resolve("m.gguf"));
        try (var model = TestModels.load(file, KernelPolicy.exact())) {
            refused(model, List.of(new StepInput.Decode(new SlotRef(4, 256, 0), 0, 5)));
            refused(model, List.of(new StepInput.Decode(new SlotRef(0, 256, 4), 0, 5)));
            refused(model, List.of(new StepInput.Decode(new SlotRef(0, 256, 0), 256, 5)));
            refused(model, List.of(new StepInput.Decode(new SlotRef(0, 256, 0), 0, model.vocab())));
            refused(model, List.of(new StepInput.Decode(new SlotRef(0, 256, 0), 0, -1)));
            var twice = new StepInput.Decode(new SlotRef(0, 256, 0), 3, 5);
            refused(model, List.of(twice, twice));
            assertThatThrownBy(() -> model.copy(new KvCopy.Restore(List.of(32), new SlotRef(0, 256, 0))))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> model.copy(new KvCopy.Restore(List.of(1, 2, 3, 4, 5), new SlotRef(0, 32, 0))))
                    .isInstanceOf(IllegalArgumentException.class);
            logits(model, new StepInput(List.of(), List.of(chunk(new SlotRef(0, 256, 0), 0, 5, 6))));
        }
    }

    private static void refused(Model model, List<StepInput.Decode> decodes) {
        assertThatThrownBy(() -> logits(model, new StepInput(decodes, List.of())))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void thousandStepsLeaveNoHandleOpen() throws Exception {
        Path file = TinyModel.quantised().write(folder.resolve("m.gguf"));
        long handles = NativeScope.liveHandles();
        try (var model = TestModels.load(file, KernelPolicy.fast(TestModels.cpu()))) {
            var slot = new SlotRef(0, 1024, 0);
            for (int at = 0; at < 500; at++) {
                logits(model, new StepInput(List.of(new StepInput.Decode(slot, at, 5)), List.of()));
                logits(model, new StepInput(List.of(), List.of(chunk(new SlotRef(1, 256, 0), 0, 5, 6, 7))));
            }
        }
        assertThat(NativeScope.liveHandles()).isEqualTo(handles);
    }

    @ParameterizedTest
    @MethodSource("models")
    void blocksCarriedToAnotherModelAreTheSameToTheBit(TinyModel tiny) throws Exception {
        Path file = tiny.write(folder.resolve("m.gguf"));
        int[] tokens = tokens(24);
        var slot = new SlotRef(0, 256, 3);
        for (KernelPolicy policy :
                List.of(KernelPolicy.exact(), KernelPolicy.cuda(), KernelPolicy.fast(TestModels.cpu()))) {
            float[] expected;
            byte[] carried;
            var end = new StepInput(List.of(), List.of(chunk(slot, 16, slice(tokens, 16, 24))));
            try (Model model = TestModels.load(file, policy)) {
                logits(model, new StepInput(List.of(), List.of(chunk(slot, 0, slice(tokens, 0, 16)))));
                model.copy(new KvCopy.Save(slot, 0, List.of(7, 30)));
                expected = logits(model, end)[0];
                carried = model.readBlocks(List.of(7, 30));
                assertThat(carried).hasSize(2 * model.blockBytes());
                TestModels.assertRefusesWrongBlocks(model);
            }
            try (Model model = TestModels.load(file, policy)) {
                model.writeBlocks(List.of(31, 0), carried);
                assertThat(model.readBlocks(List.of(0))).isEqualTo(TestModels.block(carried, 1, model));
                model.copy(new KvCopy.Restore(List.of(31, 0), slot));
                assertThat(logits(model, end)[0]).isEqualTo(expected);
            }
        }
    }

    @Test
    void formatsOfKeysAndValuesAreToldApart() throws Exception {
        Path file = TinyModel.of(Architecture.LLAMA).write(folder.resolve("m.gguf"));
        Set<String> formats = new HashSet<>();
        for (KernelPolicy policy : List.of(KernelPolicy.exact(), KernelPolicy.cuda())) {
            try (Model model = TestModels.load(file, policy)) {
                formats.add(model.kvFormat());
            }
        }
        try (Model model = TestModels.loadNative(file)) {
            formats.add(model.kvFormat());
        }
        assertThat(formats).hasSize(3);
    }
}
