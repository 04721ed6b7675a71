package dev.troupe.worker.model;

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
}
