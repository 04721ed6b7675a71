package dev.troupe.worker;

import dev.troupe.cluster.message.KvCopy;
import dev.troupe.device.DeviceException;
import dev.troupe.worker.model.Model;
import dev.troupe.worker.model.StepInput;
import dev.troupe.worker.model.StepOutput;
import dev.troupe.worker.sampling.Distribution;
import dev.troupe.worker.sampling.LogitRequest;
import dev.troupe.worker.sampling.Ranking;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A model of ten tokens whose likeliest next token is one more than the last fed. */
final class FakeModel implements Model {
    static final int VOCAB = 10;

    final List<StepInput> inputs = new ArrayList<>();
    final List<KvCopy> copies = new ArrayList<>();
    int openOutputs;
    boolean closed;
    Runnable onClose = () -> {};
    boolean failing;
    boolean full;
    boolean fullForCopies;
    boolean fullForSampling;
    boolean fullForReading;
    final byte[] blocks = new byte[32];

    @Override
    public int vocab() {
        return VOCAB;
    }

    @Override
    public int maxTokens() {
        return 40;
    }

    @Override
    public void copy(KvCopy copy) {
        if (fullForCopies) {
            throw noMemory();
        }
        copies.add(copy);
    }

    @Override
    public String kvFormat() {
        return "fake";
    }

    @Override
    public int blockBytes() {
        return 1;
    }

    @Override
    public byte[] readBlocks(List<Integer> list) {
        if (fullForReading) {
            throw noMemory();
        }
        var bytes = new byte[list.size()];
        IntStream.range(0, bytes.length).forEach(i -> bytes[i] = blocks[list.get(i)]);
        return bytes;
    }

    @Override
    public void writeBlocks(List<Integer> list, byte[] bytes) {
        if (fullForCopies) {
            throw noMemory();
        }
        IntStream.range(0, bytes.length).forEach(i -> blocks[list.get(i)] = bytes[i]);
    }

    @Override
    public StepOutput step(StepInput input, List<LogitRequest> requests) {
        if (failing) {
            throw new IllegalStateException("broken");
        }
        if (full) {
            throw noMemory();
        }
        inputs.add(input);
        var last = new ArrayList<Integer>();
        input.decodes().forEach(decode -> last.add(decode.token()));
        for (StepInput.Chunk chunk : input.chunks()) {
            int rows = chunk.tokens().size();
            for (int i = rows - chunk.sampled(); i < rows; i++) {
                last.add(chunk.tokens().get(i));
            }
        }
        openOutputs++;
        return new Output(last);
    }

    /** In PyTorch's words. */
    private static DeviceException noMemory() {
        return new DeviceException(
                "[enforce fail at alloc_cpu.cpp:117] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to"
                        + " allocate 1 bytes. Error code 12 (Cannot allocate memory)");
    }

    @Override
    public void close() {
        onClose.run();
        closed = true;
    }

    private final class Output implements StepOutput {
        private final List<Integer> last;

        private Output(List<Integer> last) {
            this.last = last;
        }

        @Override
        public int likeliest(int wanted) {
            if (fullForSampling && wanted > 0) {
                throw new OutOfMemoryError("Cannot reserve 4 bytes of direct buffer memory");
            }
            return (last.get(wanted) + 1) % VOCAB;
        }

        @Override
        public Distribution adjusted(int wanted) {
            return new Row(likeliest(wanted));
        }

        @Override
        public Distribution raw(int wanted) {
            return new Row(likeliest(wanted));
        }

        @Override
        public void close() {
            openOutputs--;
        }
    }

    /** The likeliest with half of the mass; the others share the rest. */
    private record Row(int likeliest) implements Distribution {
        @Override
        public Ranking head() {
            float[] logits = logits();
            int other = (likeliest + 1) % VOCAB;
            return Ranking.of(new int[] {likeliest, other}, new float[] {logits[likeliest], logits[other]}, false);
        }

        @Override
        public float logSum() {
            return 0;
        }

        @Override
        public float[] logits() {
            var row = new float[VOCAB];
            IntStream.range(0, VOCAB).forEach(i -> row[i] = (float) Math.log(i == likeliest ? 0.5 : 0.5 / (VOCAB - 1)));
            return row;
        }
    }
}
