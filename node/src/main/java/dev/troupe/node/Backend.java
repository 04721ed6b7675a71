package dev.troupe.node;

import dev.troupe.device.DeviceConfig;
import dev.troupe.device.DeviceException;
import dev.troupe.device.KernelPolicy;
import dev.troupe.device.NativeCompiler;
import dev.troupe.device.TorchDevice;
import dev.troupe.models.weights.ModelWeights;
import dev.troupe.worker.model.KvLayout;
import dev.troupe.worker.model.Model;
import dev.troupe.worker.model.ModelRunner;
import dev.troupe.worker.model.NativeModel;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What computes a model.
 *
 * @param name for the operator
 * @param freeMemory bytes that its device had before the model came
 * @param ownDevice whether that memory is an accelerator's
 * @param modelBytes of the weights, about
 * @param valueBytes of one number among keys and values
 * @param load carries the weights over and reserves memory for keys and values
 */
record Backend(
        String name,
        long freeMemory,
        boolean ownDevice,
        long modelBytes,
        int valueBytes,
        Function<KvLayout, Model> load) {
    private static final Logger log = LoggerFactory.getLogger(Backend.class);

    /**
     * Picks one.
     *
     * @throws DeviceException when what the options ask for is not to be had
     */
    static Backend of(ModelWeights weights, NodeOptions options) {
        return of(weights, options, new NativeCompiler(Natives.folder(options.data())));
    }

    static Backend of(ModelWeights weights, NodeOptions options, NativeCompiler compiler) {
        if (options.kernels() == Kernels.PYTORCH || !onCpu(options)) {
            return pytorch(weights, options);
        }
        Optional<String> obstacle = obstacle(weights, compiler);
        if (obstacle.isEmpty()) {
            return own(weights, options);
        }
        if (options.kernels() == Kernels.OWN) {
            throw new DeviceException("--kernels own: " + obstacle.get());
        }
        log.warn("Running on PyTorch's kernels, which are slower than our own: {}", obstacle.get());
        return pytorch(weights, options);
    }

    /** Without loading PyTorch, which our own kernels have no use for. */
    private static boolean onCpu(NodeOptions options) {
        return options.device().equals("cpu") || (options.device().equals("auto") && !TorchDevice.isGpuHere());
    }

    private static Optional<String> obstacle(ModelWeights weights, NativeCompiler compiler) {
        try {
            NativeModel.prepare(compiler);
            return NativeModel.obstacle(weights.config());
        } catch (DeviceException e) {
            return Optional.of(e.getMessage());
        }
    }

    private static Backend own(ModelWeights weights, NodeOptions options) {
        int threads =
                options.threads() > 0 ? options.threads() : Runtime.getRuntime().availableProcessors();
        return new Backend(
                "cpu",
                Machine.availableMemory(),
                false,
                ModelMemory.ofOwn(weights),
                Short.BYTES,
                kv -> NativeModel.load(weights, threads, kv));
    }

    private static Backend pytorch(ModelWeights weights, NodeOptions options) {
        TorchDevice device = TorchDevice.start(
                new DeviceConfig(options.device(), options.threads(), Natives.folder(options.data())));
        KernelPolicy policy = KernelPolicy.fast(device);
        return new Backend(
                device + (device.isCpu() ? " with PyTorch's kernels" : ""),
                device.freeMemory().orElseGet(Machine::availableMemory),
                !device.isCpu(),
                ModelMemory.of(weights, policy),
                ModelMemory.valueBytes(policy),
                kv -> ModelRunner.load(weights, device, policy, kv));
    }
}
