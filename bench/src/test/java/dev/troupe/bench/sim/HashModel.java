package dev.troupe.bench.sim;

import dev.troupe.batcher.ReplicaSpec;
import dev.troupe.batcher.sim.FakeKv;
import dev.troupe.batcher.sim.FakeModel;
import dev.troupe.cluster.message.KvCopy;
import dev.troupe.cluster.message.SlotRef;
import dev.troupe.worker.model.Model;
import dev.troupe.worker.model.StepInput;
import dev.troupe.worker.model.StepOutput;
import dev.troupe.worker.sampling.Distribution;
import dev.troupe.worker.sampling.LogitRequest;
import java.util.ArrayList;
import java.util.List;

/** {@link FakeModel} behind the worker's own interface: one wrong position in the KV memory changes every later token. Greedy only. */
final class HashModel implements Model {
    private final ReplicaSpec replica;
    private final FakeKv kv;

    HashModel(ReplicaSpec replica) {
        this.replica = replica;
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
        kv.copy(copy);
    }

    @Override
    public StepOutput step(StepInput input, List<LogitRequest> requests) {
        List<Integer> next = new ArrayList<>();
        for (StepInput.Decode decode : input.decodes()) {
            next.add(next(feed(decode.slot(), decode.position(), decode.token())));
        }
        for (StepInput.Chunk chunk : input.chunks()) {
            long state = 0;
            for (int i = 0; i < chunk.tokens().size(); i++) {
                state = feed(chunk.slot(), chunk.start() + i, chunk.tokens().get(i));
            }
            if (chunk.sample()) {
                next.add(next(state));
            }
        }
        return new Likeliest(next);
    }

    private long feed(SlotRef slot, int position, int token) {
        long before = position == 0 ? 0 : kv.read(slot, position - 1);
        long state = FakeModel.feed(before, token);
        kv.write(slot, position, state);
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
