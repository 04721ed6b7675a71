package dev.troupe.worker.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.cluster.message.SlotRef;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.device.DeviceConfig;
import dev.troupe.device.KernelPolicy;
import dev.troupe.device.NativeCompiler;
import dev.troupe.device.TorchDevice;
import dev.troupe.models.hub.HubConfig;
import dev.troupe.models.weights.ModelWeights;
import dev.troupe.worker.sampling.LogitRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** What the tests of this package share. */
public final class TestModels {
    /** Asks for the model's own distribution. */
    public static final LogitRequest RAW = new LogitRequest(false, 1, Set.of(), 1, Map.of(), true);

    private TestModels() {}

    /**
     * The CPU, with native libraries where every module's tests find them unpacked. One thread, because two wait for each
     * other dearly where other work shares the cores.
     */
    public static TorchDevice cpu() {
        return TorchDevice.start(
                new DeviceConfig("cpu", 1, HubConfig.fromEnvironment().data().resolve("native")));
    }

    /** A model with room for four slabs. */
    public static ModelRunner load(Path path, KernelPolicy policy) throws IOException {
        try (var weights = ModelWeights.open(path)) {
            return ModelRunner.load(weights, cpu(), policy, new KvLayout(4, 1024, 32));
        }
    }

    /** The same in kernels of our own. */
    public static Model loadNative(Path path) throws IOException {
        NativeModel.prepare(
                new NativeCompiler(HubConfig.fromEnvironment().data().resolve("native")));
        try (var weights = ModelWeights.open(path)) {
            return NativeModel.load(weights, 2, new KvLayout(4, 1024, 32));
        }
    }

    static StepInput.Chunk chunk(SlotRef slot, int start, int... tokens) {
        return new StepInput.Chunk(slot, start, TokenIds.of(tokens), 1);
    }

    /** The model's own logits for every wanted token of a step. */
    static float[][] logits(Model model, StepInput input) {
        List<LogitRequest> requests = Collections.nCopies(input.sampled(), RAW);
        var rows = new float[input.sampled()][];
        try (StepOutput output = model.step(input, requests)) {
            for (int i = 0; i < rows.length; i++) {
                rows[i] = output.raw(i).logits();
            }
        }
        return rows;
    }

    /** Made-up tokens, the same every time. */
    static int[] tokens(int count) {
        return new Random(count).ints(count, 3, 250).toArray();
    }

    static int[] slice(int[] tokens, int from, int to) {
        return TokenIds.of(tokens).slice(from, to).toArray();
    }

    /** Logarithm of the sum of exp(logit / temperature). */
    static float logSum(float[] row, double temperature) {
        double sum = 0;
        for (float logit : row) {
            sum += Math.exp(logit / temperature);
        }
        return (float) Math.log(sum);
    }

    /** One of the blocks that {@link Model#readBlocks} gave. */
    static byte[] block(byte[] blocks, int index, Model model) {
        return Arrays.copyOfRange(blocks, index * model.blockBytes(), (index + 1) * model.blockBytes());
    }

    static byte[] join(byte[] first, byte[] second) {
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }

    /** On a model with 32 blocks. */
    static void assertRefusesWrongBlocks(Model model) {
        int size = model.blockBytes();
        byte[] before = model.readBlocks(List.of(1));
        var ones = new byte[2 * size];
        Arrays.fill(ones, (byte) 1);
        for (int outside : new int[] {-1, 32}) {
            assertThatThrownBy(() -> model.readBlocks(List.of(outside))).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> model.writeBlocks(List.of(1, outside), ones))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        for (int wrong : new int[] {0, size - 1, size + 1, 2 * size}) {
            assertThatThrownBy(() -> model.writeBlocks(List.of(1), new byte[wrong]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("blocks of " + size + " bytes");
        }
        assertThat(model.readBlocks(List.of(1))).isEqualTo(before);
    }
}
