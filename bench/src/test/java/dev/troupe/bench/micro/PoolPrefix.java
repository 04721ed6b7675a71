package dev.troupe.bench.micro;

import dev.troupe.cache.hazelcast.HazelcastPrefixes;
import dev.troupe.cache.hazelcast.PrefixTraffic;
import dev.troupe.cache.shared.PrefixSpace;
import dev.troupe.cluster.Cluster;
import dev.troupe.cluster.ClusterOptions;
import dev.troupe.cluster.message.KvCopy;
import dev.troupe.cluster.message.SlotRef;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.device.NativeCompiler;
import dev.troupe.models.hub.DownloadListener;
import dev.troupe.models.hub.HubConfig;
import dev.troupe.models.hub.ModelHub;
import dev.troupe.models.weights.ModelWeights;
import dev.troupe.worker.model.KvLayout;
import dev.troupe.worker.model.Model;
import dev.troupe.worker.model.NativeModel;
import dev.troupe.worker.model.StepInput;
import dev.troupe.worker.sampling.LogitRequest;
import io.vertx.core.Future;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The default model's keys and values of a prefix, in our own kernels: computed again, or fetched from the pool's memory. The pool is two
 * members in this process, so half of the chunks come over a socket of this machine; a network adds its own time.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class PoolPrefix {
    private static final int CHUNK_BLOCKS = KvCopy.CHUNK_TOKENS / KvCopy.BLOCK_TOKENS;
    private static final SlotRef SLOT = new SlotRef(0, 2048, 0);

    @Param({"64", "512", "1024"})
    public int tokens;

    private final PrefixSpace space = new PrefixSpace("weights", "format", "tenant");
    private Model model;
    private Cluster near;
    private Cluster far;
    private HazelcastPrefixes prefixes;
    private TokenIds prefix;
    private List<Integer> blocks;
    private byte[] exported;

    @Setup
    public void fill() throws Exception {
        openModel();
        near = await(Cluster.start(options(List.of()), new VertxOptions()));
        far = await(Cluster.start(options(List.of("127.0.0.1:" + near.port())), new VertxOptions()));
        prefixes = new HazelcastPrefixes(near.hazelcast(), 1 << 30, Duration.ofHours(1), PrefixTraffic.NONE);
        prefix = TokenIds.of(new Random(1).ints(tokens, 0, model.vocab()).toArray());
        blocks = IntStream.range(0, tokens / KvCopy.BLOCK_TOKENS).boxed().toList();
        compute();
        model.copy(new KvCopy.Save(SLOT, 0, blocks));
        exported = exportOneChunk();
        while (fetch().size() < tokens / KvCopy.CHUNK_TOKENS) {
            for (int end = KvCopy.CHUNK_TOKENS; end <= tokens; end += KvCopy.CHUNK_TOKENS) {
                prefixes.offer(space, prefix.slice(0, end), model.readBlocks(chunk(end)));
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private void openModel() throws IOException {
        HubConfig hub = HubConfig.fromEnvironment();
        NativeModel.prepare(new NativeCompiler(hub.data().resolve("native")));
        var path = new ModelHub(hub)
                .resolve(ModelHub.DEFAULT_MODEL, DownloadListener.SILENT)
                .path();
        try (var weights = ModelWeights.open(path)) {
            model = NativeModel.load(
                    weights, Runtime.getRuntime().availableProcessors(), new KvLayout(1, SLOT.capacity(), 128));
        }
    }

    private static ClusterOptions options(List<String> join) {
        return new ClusterOptions("127.0.0.1", 27701, true, join, "prefix-bench");
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(1, TimeUnit.MINUTES);
    }

    private List<Integer> chunk(int end) {
        int last = end / KvCopy.BLOCK_TOKENS;
        return blocks.subList(last - CHUNK_BLOCKS, last);
    }

    @TearDown
    public void close() throws Exception {
        prefixes.close();
        await(far.leave());
        await(near.leave());
        model.close();
    }

    /** In steps of a batcher's budget. */
    @Benchmark
    public void compute() {
        for (int from = 0; from < tokens; from += 512) {
            TokenIds part = prefix.slice(from, Math.min(tokens, from + 512));
            StepInput.Chunk rows = new StepInput.Chunk(SLOT, from, part, 1);
            model.step(new StepInput(List.of(), List.of(rows)), List.of(LogitRequest.LIKELIEST))
                    .close();
        }
    }

    /** @return the chunks, compared and copied out of their entries, beside the model thread */
    @Benchmark
    public List<byte[]> fetch() throws Exception {
        return prefixes.fetch(space, prefix, 0).toCompletableFuture().get(1, TimeUnit.MINUTES);
    }

    /** What of a fetch the model thread has to do: into the cache, and from there into a slot. */
    @Benchmark
    public void importAndRestore() {
        for (int end = KvCopy.CHUNK_TOKENS; end <= tokens; end += KvCopy.CHUNK_TOKENS) {
            model.writeBlocks(chunk(end), exported);
        }
        model.copy(new KvCopy.Restore(blocks, SLOT));
    }

    /** @return what one export takes of a step */
    @Benchmark
    public byte[] exportOneChunk() {
        return model.readBlocks(chunk(KvCopy.CHUNK_TOKENS));
    }
}
