package dev.troupe.worker.model;

import dev.troupe.cluster.message.KvCopy;
import dev.troupe.device.DeviceException;
import dev.troupe.worker.sampling.LogitRequest;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Fails on purpose, to see in a real process what comes of it: lacks memory at every so many steps and copies, as a device in use by others
 * does, or takes its whole process along with a token, as a fault in native code does. Every second time that a step lacks memory it has
 * done its work before it fails, so that its keys and values are written and do not count.
 */
public final class FaultyModel implements Model {
    private final Model model;
    private final Faults faults;
    private long calls;

    /**
     * What fails.
     *
     * @param oomEvery so many steps and copies lack memory once, 1 for each; 0 for none
     * @param deadlyToken ends the process when it is computed; -1 for none
     */
    public record Faults(int oomEvery, int deadlyToken) {
        public boolean any() {
            return oomEvery > 0 || deadlyToken >= 0;
        }
    }

    public FaultyModel(Model model, Faults faults) {
        this.model = model;
        this.faults = faults;
    }

    @Override
    public int vocab() {
        return model.vocab();
    }

    @Override
    public int maxTokens() {
        return model.maxTokens();
    }

    @Override
    public void copy(KvCopy copy) {
        mayFail();
        model.copy(copy);
    }

    @Override
    public String kvFormat() {
        return model.kvFormat();
    }

    @Override
    public int blockBytes() {
        return model.blockBytes();
    }

    @Override
    public byte[] readBlocks(List<Integer> blocks) {
        mayFail();
        return model.readBlocks(blocks);
    }

    @Override
    public void writeBlocks(List<Integer> blocks, byte[] bytes) {
        mayFail();
        model.writeBlocks(blocks, bytes);
    }

    private void mayFail() {
        if (lacksMemory()) {
            throw noMemory();
        }
    }

    private boolean lacksMemory() {
        calls++;
        return faults.oomEvery() > 0 && calls % faults.oomEvery() == 0;
    }

    @Override
    public StepOutput step(StepInput input, List<LogitRequest> requests) {
        if (isDeadly(input)) {
            // No hooks, no goodbye.
            Runtime.getRuntime().halt(137);
        }
        if (!lacksMemory()) {
            return model.step(input, requests);
        }
        if (calls / faults.oomEvery() % 2 == 0) {
            model.step(input, requests).close();
        }
        throw noMemory();
    }

    private boolean isDeadly(StepInput input) {
        int deadly = faults.deadlyToken();
        return input.decodes().stream().anyMatch(decode -> decode.token() == deadly)
                || input.chunks().stream()
                        .anyMatch(chunk -> IntStream.range(0, chunk.tokens().size())
                                .anyMatch(i -> chunk.tokens().get(i) == deadly));
    }

    private static DeviceException noMemory() {
        return new DeviceException("DefaultCPUAllocator: can't allocate memory (made up by troupe.fault.oom-every)");
    }

    @Override
    public void close() {
        model.close();
    }
}
