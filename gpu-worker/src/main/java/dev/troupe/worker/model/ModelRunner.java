package dev.troupe.worker.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.ndarray.NDArray;
import dev.troupe.cluster.message.KvCopy;
import dev.troupe.cluster.message.SlotRef;
import dev.troupe.device.KernelPolicy;
import dev.troupe.device.NativeScope;
import dev.troupe.device.Program;
import dev.troupe.device.TorchDevice;
import dev.troupe.device.TorchScriptArchive;
import dev.troupe.models.weights.Activation;
import dev.troupe.models.weights.ModelConfig;
import dev.troupe.models.weights.ModelWeights;
import dev.troupe.worker.sampling.LogitRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A {@link Model} in PyTorch.
 *
 * <p>Belongs to one thread at a time.
 */
public final class ModelRunner implements Model {
    /** Reserving less than this is filled at once; more comes from the operating system as untouched zero pages. */
    private static final long LAZY_BYTES = 64L << 20;

    private final Program program;
    private final ModelConfig config;
    private final KvLayout kv;
    private final KernelPolicy policy;

    private ModelRunner(Program program, ModelConfig config, KvLayout kv, KernelPolicy policy) {
        this.program = program;
        this.config = config;
        this.kv = kv;
        this.policy = policy;
    }

    /** Carries the weights to the device and reserves the memory for keys and values. */
    public static ModelRunner load(ModelWeights weights, TorchDevice device, KernelPolicy policy, KvLayout kv) {
        ModelConfig config = weights.config();
        Program program = device.load(archive(config, policy));
        var runner = new ModelRunner(program, config, kv, policy);
        try {
            new WeightLoader(weights, program).load(runner.maxTokens());
            runner.reserve(device.isCpu());
        } catch (RuntimeException | Error e) {
            program.close();
            throw e;
        }
        return runner;
    }

    /** The program alone, without weights, as any PyTorch 2 loads it. */
    public static byte[] archive(ModelConfig config, KernelPolicy policy) {
        List<String> tensors = List.of("norms", "epsilons", "tables", "dense", "codes", "scales", "biases", "kv");
        return TorchScriptArchive.of(source(), constants(config, policy), tensors, List.of("local"));
    }

    private static String source() {
        try (var in = ModelRunner.class.getResourceAsStream("transformer.py")) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> constants(ModelConfig config, KernelPolicy policy) {
        var constants = new LinkedHashMap<String, Object>();
        boolean qkNorm = config.architecture().qkNorm();
        boolean postNorms = config.architecture().postNorms();
        constants.put("LAYERS", config.layers());
        constants.put("HEADS", config.heads());
        constants.put("KV_HEADS", config.kvHeads());
        constants.put("HEAD_DIM", config.headDim());
        constants.put("FFN", config.ffn());
        constants.put("NORMS", 2 + (qkNorm ? 1 : 0) + (postNorms ? 2 : 0));
        constants.put("EPS", (double) config.rmsEps());
        constants.put("EMBED_SCALE", (double) config.embeddingScale());
        constants.put("WINDOW", config.slidingWindow().map(w -> w.tokens()).orElse(0));
        constants.put("QKV_BIAS", config.qkvBias());
        constants.put("QK_NORM", qkNorm);
        constants.put("POST_NORMS", postNorms);
        constants.put("GELU", config.architecture().activation() == Activation.GELU_TANH);
        constants.put("DTYPE", policy.dtype());
        constants.put("BLOCK", KvCopy.BLOCK_TOKENS);
        constants.put("PACKED", policy.packed());
        constants.put("INT4", policy.int4());
        constants.put("CANDIDATES", Math.min(TorchStepOutput.CANDIDATES, config.vocab()));
        return constants;
    }

    private void reserve(boolean cpu) {
        long rows = (long) kv.slabs() * kv.slabTokens() * config.kvHeads();
        long bytes = rows * config.headDim() * config.layers() * (policy.bfloat16() ? 2 : 4);
        try (NativeScope scope = program.newScope()) {
            var like = scope.longs(new long[1], 1);
            program.call(scope, "reserve", like, rows, kv.blocks(), cpu && bytes >= LAZY_BYTES);
        }
    }

    @Override
    public int vocab() {
        return config.vocab();
    }

    @Override
    public int maxTokens() {
        return kv.maxTokens(config.contextLength());
    }

    @Override
    public void copy(KvCopy copy) {
        try (NativeScope scope = program.newScope()) {
            if (copy instanceof KvCopy.Restore restore) {
                int tokens = restore.blocks().size() * KvCopy.BLOCK_TOKENS;
                var slot = restore.to();
                var blocks = blocks(scope, restore.blocks());
                program.call(scope, "restore", first(slot, tokens), slot.capacity(), blocks);
            } else if (copy instanceof KvCopy.Save save) {
                int end = save.fromToken() + save.blocks().size() * KvCopy.BLOCK_TOKENS;
                var slot = save.from();
                var blocks = blocks(scope, save.blocks());
                program.call(scope, "save", first(slot, end), slot.capacity(), save.fromToken(), blocks);
            } else if (copy instanceof KvCopy.Move move) {
                int tokens = move.tokens();
                long from = first(move.from(), tokens);
                long to = first(move.to(), tokens);
                program.call(
                        scope,
                        "move",
                        from,
                        move.from().capacity(),
                        to,
                        move.to().capacity(),
                        tokens);
            }
        }
    }

    private long first(SlotRef slot, int tokens) {
        return kv.firstRow(slot, tokens, config.kvHeads());
    }

    private NDArray blocks(NativeScope scope, List<Integer> blocks) {
        blocks.forEach(kv::checkBlock);
        return scope.longs(blocks.stream().mapToLong(Integer::longValue).toArray(), blocks.size());
    }

    /** The number changes with {@code read_blocks} in {@code transformer.py}. */
    @Override
    public String kvFormat() {
        return "pytorch-1 " + (policy.bfloat16() ? "bf16 " : "f32 ") + config.layers() + "x" + config.kvHeads() + "x"
                + config.headDim();
    }

    @Override
    public int blockBytes() {
        int values = 2 * config.layers() * config.kvHeads() * KvCopy.BLOCK_TOKENS * config.headDim();
        return values * (policy.bfloat16() ? Short.BYTES : Float.BYTES);
    }

    @Override
    public byte[] readBlocks(List<Integer> blocks) {
        try (NativeScope scope = program.newScope()) {
            return program.call(scope, "read_blocks", blocks(scope, blocks))
                    .get(0)
                    .toByteArray();
        }
    }

    @Override
    public void writeBlocks(List<Integer> blocks, byte[] bytes) {
        kv.checkBlocks(blocks, bytes.length, blockBytes());
        try (NativeScope scope = program.newScope()) {
            program.call(scope, "write_blocks", blocks(scope, blocks), scope.bytes(bytes, bytes.length));
        }
    }

    @Override
    public StepOutput step(StepInput input, List<LogitRequest> requests) {
        if (requests.size() != input.sampled()) {
            throw new IllegalArgumentException(requests.size() + " requests for " + input.sampled() + " wanted tokens");
        }
        var layout = new StepLayout(input, config, kv, policy);
        var wanted = new WantedRows(layout.sampled, requests);
        NativeScope scope = program.newScope();
        try {
            int rows = input.rows();
            long[] slots = layout.slots();
            var answer = program.call(
                    scope,
                    "step",
                    scope.longs(layout.rows, 4, rows),
                    scope.longs(slots, 2, slots.length / 2),
                    scope.longs(layout.rank, layout.rank.length),
                    layout.groups(),
                    layout.chunks(),
                    scope.longs(wanted.rows(), wanted.rows().length),
                    policy.few(rows),
                    wanted.plain(),
                    scope.longs(wanted.repeatAt(), 2, wanted.repeat().length),
                    scope.floats(wanted.repeat(), wanted.repeat().length),
                    scope.longs(wanted.addAt(), 2, wanted.add().length),
                    scope.floats(wanted.add(), wanted.add().length),
                    scope.floats(wanted.temperature(), wanted.temperature().length),
                    wanted.logprobs());
            return new TorchStepOutput(scope, wanted, answer);
        } catch (RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    @Override
    public void close() {
        program.close();
    }
}
