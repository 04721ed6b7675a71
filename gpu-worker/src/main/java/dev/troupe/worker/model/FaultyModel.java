package dev.troupe.worker.model;

import dev.troupe.cluster.message.KvCopy;
import dev.troupe.device.DeviceException;
import dev.troupe.worker.sampling.LogitRequest;
import java.util.List;

/**
 * Lacks memory at every so many steps and copies, as a device in use by others does, to see in a real process what comes of it. Every
 * second time a step has done its work before it fails, so that its keys and values are written and do not count.
 */
public final class FaultyModel implements Model {
    private final Model model;
    private final int every;
    private long calls;

    /** @param every 1 for each */
    public FaultyModel(Model model, int every) {
        this.model = model;
        this.every = every;
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
        calls++;
        if (calls % every == 0) {
            throw noMemory();
        }
    }

    @Override
    public StepOutput step(StepInput input, List<LogitRequest> requests) {
        calls++;
        if (calls % every != 0) {
            return model.step(input, requests);
        }
        if (calls / every % 2 == 0) {
            model.step(input, requests).close();
        }
        throw noMemory();
    }

    private static DeviceException noMemory() {
        return new DeviceException("DefaultCPUAllocator: can't allocate memory (made up by troupe.fault.oom-every)");
    }

    @Override
    public void close() {
        model.close();
    }
}
