package dev.troupe.worker.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.jna.Pointer;
import dev.troupe.cluster.message.KvCopy;
import dev.troupe.cluster.message.SlotRef;
import dev.troupe.device.DeviceException;
import dev.troupe.device.KernelPolicy;
import dev.troupe.device.NativeCompiler;
import dev.troupe.models.weights.Activation;
import dev.troupe.models.weights.ModelConfig;
import dev.troupe.models.weights.ModelWeights;
import dev.troupe.worker.sampling.LogitRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * A {@link Model} on the CPU in kernels of our own, {@code transformer.c}: matrices stay in the 4 or 8 bits of their file, and one call
 * computes a whole step without a framework between its operators.
 *
 * <p>Belongs to one thread at a time; beside it the library has helpers of its own.
 */
public final class NativeModel implements Model {
    /** Keys and values lie in tiles of so many tokens. */
    private static final int TILE = 16;

    /** Numbers that share a scale: every width is a multiple of it. */
    private static final int GROUP = 32;

    /** Query heads that one key head may have. */
    private static final int MOST_QUERIES = 32;

    private final ModelConfig config;
    private final KvLayout kv;
    private Pointer model;

    private NativeModel(ModelConfig config, KvLayout kv, Pointer model) {
        this.config = config;
        this.kv = kv;
        this.model = model;
    }

    /** Compiles the kernels, or finds them compiled, and makes them callable. There is one library in a process. */
    public static void prepare(NativeCompiler compiler) {
        if (!KernelPolicy.isX86()) {
            throw new DeviceException(
                    "the kernels are written for x86-64 with AVX2, and this is " + System.getProperty("os.arch"));
        }
        try (var in = NativeModel.class.getResourceAsStream("transformer.c")) {
            TransformerLibrary.load(compiler.compile("transformer", new String(in.readAllBytes(), UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (UnsatisfiedLinkError e) {
            throw new DeviceException("cannot load the compiled kernels", e);
        }
    }

    /** @return why not, in the words of an operator; empty if a model of this shape can be run */
    public static Optional<String> obstacle(ModelConfig config) {
        if (config.hidden() % GROUP != 0 || config.ffn() % GROUP != 0 || config.headDim() % GROUP != 0) {
            return Optional.of("its widths are not multiples of " + GROUP);
        }
        if (config.heads() / config.kvHeads() > MOST_QUERIES) {
            return Optional.of("it has more than " + MOST_QUERIES + " query heads for a key head");
        }
        return Optional.empty();
    }

    /**
     * Carries the weights over and reserves the memory for keys and values. {@link #prepare} comes first.
     *
     * @throws DeviceException if memory is wanting
     * @throws IllegalArgumentException if there is an {@link #obstacle}, or a slab is not made of whole tiles
     */
    public static NativeModel load(ModelWeights weights, int threads, KvLayout kv) {
        ModelConfig config = weights.config();
        obstacle(config).ifPresent(why -> {
            throw new IllegalArgumentException("the kernels do not run this model: " + why);
        });
        if (kv.slabTokens() % TILE != 0) {
            throw new IllegalArgumentException(
                    "slabs of " + kv.slabTokens() + " tokens are not made of tiles of " + TILE);
        }
        Pointer opened = TransformerLibrary.open(shape(config, kv), numbers(config), threads);
        if (opened == null) {
            throw new DeviceException("not enough memory for the model's threads");
        }
        var model = new NativeModel(config, kv, opened);
        try {
            new NativeWeights(weights, opened).load();
            checked(
                    TransformerLibrary.reserve(opened, (long) kv.slabs() * kv.slabTokens(), kv.blocks()),
                    "keys and values");
        } catch (RuntimeException | Error e) {
            model.close();
            throw e;
        }
        return model;
    }

    private static int[] shape(ModelConfig config, KvLayout kv) {
        return new int[] {
            config.layers(),
            config.hidden(),
            config.heads(),
            config.kvHeads(),
            config.headDim(),
            config.ffn(),
            config.vocab(),
            config.slidingWindow().map(window -> window.tokens()).orElse(0),
            config.architecture().activation() == Activation.GELU_TANH ? 1 : 0,
            kv.maxTokens(config.contextLength())
        };
    }

    private static float[] numbers(ModelConfig config) {
        return new float[] {config.rmsEps(), config.queryScale(), config.embeddingScale()};
    }

    static void checked(int answer, String what) {
        if (answer != 0) {
            throw new DeviceException("not enough memory for " + what);
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
        if (copy instanceof KvCopy.Restore restore) {
            int[] blocks = blocks(restore.blocks());
            int base = base(restore.to(), blocks.length * KvCopy.BLOCK_TOKENS);
            TransformerLibrary.restore(model, base, restore.to().capacity(), blocks, blocks.length);
        } else if (copy instanceof KvCopy.Save save) {
            int[] blocks = blocks(save.blocks());
            int base = base(save.from(), save.fromToken() + blocks.length * KvCopy.BLOCK_TOKENS);
            TransformerLibrary.save(model, base, save.from().capacity(), save.fromToken(), blocks, blocks.length);
        } else if (copy instanceof KvCopy.Move move) {
            int from = base(move.from(), move.tokens());
            int to = base(move.to(), move.tokens());
            TransformerLibrary.move(
                    model, from, move.from().capacity(), to, move.to().capacity(), move.tokens());
        }
    }

    /** @return the place of the slot's first token among the tokens of all slabs */
    private int base(SlotRef slot, int tokens) {
        if (slot.capacity() % TILE != 0) {
            throw new IllegalArgumentException(slot + " is not made of tiles of " + TILE);
        }
        return Math.toIntExact(kv.firstRow(slot, tokens, 1));
    }

    private int[] blocks(List<Integer> blocks) {
        blocks.forEach(kv::checkBlock);
        return blocks.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The number changes with {@code copy_blocks} in {@code transformer.c}. */
    @Override
    public String kvFormat() {
        return "own-1 bf16 " + config.layers() + "x" + config.kvHeads() + "x" + config.headDim();
    }

    @Override
    public int blockBytes() {
        return TransformerLibrary.blockBytes(model);
    }

    @Override
    public byte[] readBlocks(List<Integer> blocks) {
        blocks.forEach(kv::checkBlock);
        int size = blockBytes();
        var bytes = new byte[Math.multiplyExact(blocks.size(), size)];
        for (int i = 0; i < blocks.size(); i++) {
            TransformerLibrary.block(model, blocks.get(i)).read(0, bytes, i * size, size);
        }
        return bytes;
    }

    @Override
    public void writeBlocks(List<Integer> blocks, byte[] bytes) {
        int size = blockBytes();
        kv.checkBlocks(blocks, bytes.length, size);
        for (int i = 0; i < blocks.size(); i++) {
            TransformerLibrary.block(model, blocks.get(i)).write(0, bytes, i * size, size);
        }
    }

    @Override
    public StepOutput step(StepInput input, List<LogitRequest> requests) {
        if (model == null) {
            // The library would take the process along.
            throw new IllegalStateException("the model is closed");
        }
        if (requests.size() != input.sampled()) {
            throw new IllegalArgumentException(requests.size() + " requests for " + input.sampled() + " wanted tokens");
        }
        var pieces = pieces(input);
        int[] tokens = tokens(input);
        var answer = new NativeStepOutput(model, config.vocab(), requests);
        if (tokens.length > 0) {
            answer.run(pieces, tokens);
        }
        return answer;
    }

    /** [P, 5]: see {@code troupe_step}. */
    private int[] pieces(StepInput input) {
        var pieces = new int[5 * (input.decodes().size() + input.chunks().size())];
        var slots = new HashSet<Integer>();
        int at = 0;
        for (var decode : input.decodes()) {
            int base = base(decode.slot(), decode.position() + 1);
            if (!slots.add(base)) {
                throw new IllegalArgumentException("two decodes in " + decode.slot());
            }
            at = put(pieces, at, base, decode.slot().capacity(), decode.position(), 1, 1);
        }
        for (var chunk : input.chunks()) {
            int count = chunk.tokens().size();
            int base = base(chunk.slot(), chunk.start() + count);
            at = put(pieces, at, base, chunk.slot().capacity(), chunk.start(), count, chunk.sampled());
        }
        return pieces;
    }

    private static int put(int[] to, int at, int... values) {
        System.arraycopy(values, 0, to, at, values.length);
        return at + values.length;
    }

    private int[] tokens(StepInput input) {
        var tokens = new int[input.rows()];
        int at = 0;
        for (var decode : input.decodes()) {
            tokens[at++] = known(decode.token());
        }
        for (var chunk : input.chunks()) {
            for (int i = 0; i < chunk.tokens().size(); i++) {
                tokens[at++] = known(chunk.tokens().get(i));
            }
        }
        return tokens;
    }

    private int known(int token) {
        if (token < 0 || token >= config.vocab()) {
            throw new IllegalArgumentException("token " + token + " is not one of " + config.vocab());
        }
        return token;
    }

    @Override
    public void close() {
        if (model != null) {
            TransformerLibrary.close(model);
            model = null;
        }
    }
}
