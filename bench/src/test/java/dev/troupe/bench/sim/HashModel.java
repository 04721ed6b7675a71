package dev.troupe.bench.sim;

import dev.troupe.batcher.ReplicaSpec;
import dev.troupe.batcher.sim.FakeKv;
import dev.troupe.batcher.sim.FakeModel;
import dev.troupe.cluster.message.KvCopy;
import dev.troupe.cluster.message.SlotRef;
import dev.troupe.device.DeviceException;
import dev.troupe.worker.model.Model;
import dev.troupe.worker.model.StepInput;
import dev.troupe.worker.model.StepOutput;
import dev.troupe.worker.sampling.Distribution;
import dev.troupe.worker.sampling.LogitRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** {@link FakeModel} behind the worker's own interface: one wrong position in the KV memory changes every later token. Greedy only. */
final class HashModel implements Model {
    static final String KV_FORMAT = "hash";
    private static final long SPOILT = -1;
    private static final long NANOS_A_TOKEN = 2_000_000;

    private final ReplicaSpec replica;
    private final FakeKv kv;
    private final BooleanSupplier lacksMemory;
    private long spentNanos;

    /** @param lacksMemory asked at every copy and step: whether it fails for want of memory, a step after half of its work */
    HashModel(ReplicaSpec replica, BooleanSupplier lacksMemory) {
        this.replica = replica;
        this.lacksMemory = lacksMemory;
        this.kv = new FakeKv(replica.kv());
    }

    @Override
    public int vocab() {
        return replica.vocabSize();
    }

    @Override
    public int maxTokens() {
        return replica.contextLength();
    }

    @Override
    public void copy(KvCopy copy) {
        if (lacksMemory.getAsBoolean()) {
            throw noMemory();
        }
        kv.copy(copy);
    }

    @Override
    public String kvFormat() {
        return KV_FORMAT;
    }

    @Override
    public int blockBytes() {
        return FakeKv.BLOCK_BYTES;
    }

    @Override
    public byte[] readBlocks(List<Integer> blocks) {
        if (lacksMemory.getAsBoolean()) {
            throw noMemory();
        }
        return kv.readBlocks(blocks);
    }

    @Override
    public void writeBlocks(List<Integer> blocks, byte[] bytes) {
        if (lacksMemory.getAsBoolean()) {
            throw noMemory();
        }
        kv.writeBlocks(blocks, bytes);
    }

    /** @return what its steps would have taken so far, for a clock that stands still while it computes */
    long spentNanos() {
        return spentNanos;
    }

    @Override
    public StepOutput step(StepInput input, List<LogitRequest> requests) {
        List<Integer> next = new ArrayList<>();
        for (StepInput.Decode decode : input.decodes()) {
            next.add(next(feed(decode.slot(), decode.position(), decode.token())));
        }
        for (StepInput.Chunk chunk : input.chunks()) {
            int rows = chunk.tokens().size();
            for (int i = 0; i < rows; i++) {
                long state =
                        feed(chunk.slot(), chunk.start() + i, chunk.tokens().get(i));
                if (i >= rows - chunk.sampled()) {
                    next.add(next(state));
                }
            }
        }
        if (lacksMemory.getAsBoolean()) {
            input.decodes().forEach(decode -> kv.write(decode.slot(), decode.position(), SPOILT));
            input.chunks().forEach(chunk -> kv.write(chunk.slot(), chunk.start(), SPOILT));
            throw noMemory();
        }
        return new Likeliest(next);
    }

    private static DeviceException noMemory() {
        return new DeviceException("CUDA out of memory");
    }

    private long feed(SlotRef slot, int position, int token) {
        long before = position == 0 ? 0 : kv.read(slot, position - 1);
        long state = FakeModel.feed(before, token);
        kv.write(slot, position, state);
        spentNanos += NANOS_A_TOKEN;
        return state;
    }

    private int next(long state) {
        return FakeModel.next(state, 0, replica.vocabSize());
    }

    @Override
    public void close() {}

    private record Likeliest(List<Integer> tokens) implements StepOutput {
        @Override
        public int likeliest(int wanted) {
            return tokens.get(wanted);
        }

        @Override
        public Distribution adjusted(int wanted) {
            throw new AssertionError("only greedy requests are simulated");
        }

        @Override
        public Distribution raw(int wanted) {
            throw new AssertionError("only greedy requests are simulated");
        }

        @Override
        public void close() {}
    }
}
