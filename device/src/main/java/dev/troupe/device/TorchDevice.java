package dev.troupe.device;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.cuda.CudaUtils;
import java.io.IOException;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.util.Optional;

/**
 * The native engine on one device. The first start in a process decides folder and threads for the whole process, since
 * libtorch is loaded once.
 */
public final class TorchDevice {
    private final Device device;

    private TorchDevice(Device device) {
        this.device = device;
    }

    /**
     * Loads the native libraries from the class path, without network, and picks the device.
     *
     * @throws DeviceException if the libraries cannot be loaded or the asked device is not there
     */
    public static TorchDevice start(DeviceConfig config) {
        try {
            Files.createDirectories(config.natives());
        } catch (IOException e) {
            throw new DeviceException("cannot write the folder of native libraries " + config.natives(), e);
        }
        setDefault("ENGINE_CACHE_DIR", config.natives().toString());
        setDefault("ai.djl.offline", "true");
        setDefault("OPT_OUT_TRACKING", "true"); // DJL reports its start to a server otherwise
        setDefault("ai.djl.pytorch.graph_optimizer", "false");
        if (config.threads() > 0) {
            setDefault("ai.djl.pytorch.num_threads", Integer.toString(config.threads()));
        }
        try {
            return new TorchDevice(
                    pick(config.device(), Engine.getEngine("PyTorch").getGpuCount()));
        } catch (EngineException | UnsatisfiedLinkError e) {
            throw new DeviceException("cannot load PyTorch's native libraries from " + config.natives(), e);
        }
    }

    /** Whether this machine has a GPU at all, found out without loading PyTorch. */
    public static boolean isGpuHere() {
        return CudaUtils.getGpuCount() > 0;
    }

    /** Whoever started the JVM with such a property meant it. */
    private static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    static Device pick(String wish, int gpus) {
        if (wish.equals("cpu") || (wish.equals("auto") && gpus == 0)) {
            return Device.cpu();
        }
        int index = wish.equals("auto") ? 0 : Integer.parseInt(wish.substring("cuda:".length()));
        if (index >= gpus) {
            throw new DeviceException(
                    "device " + wish + " is not here: PyTorch sees " + (gpus == 0 ? "no GPU" : gpus + " GPU(s)")
                            + "; use --device cpu, or a build with CUDA libraries on a machine with a GPU");
        }
        return Device.gpu(index);
    }

    /** Loads a program; see {@link TorchScriptArchive}. */
    public Program load(byte[] archive) {
        return new TorchProgram(archive, device);
    }

    /** Whether operators run on the CPU. */
    public boolean isCpu() {
        return !device.isGpu();
    }

    /**
     * What an accelerator of its own still has, in bytes; empty on the CPU, whose memory is the machine's. Untested on a GPU.
     *
     * @throws DeviceException if the driver does not say
     */
    public Optional<Long> freeMemory() {
        if (isCpu()) {
            return Optional.empty();
        }
        try {
            MemoryUsage memory = CudaUtils.getGpuMemory(device);
            return Optional.of(memory.getMax() - memory.getUsed());
        } catch (RuntimeException | LinkageError e) {
            throw new DeviceException("cannot learn how much memory " + this + " has", e);
        }
    }

    /** Threads one operator may use on the CPU. */
    public int threads() {
        return JniUtils.getNumThreads();
    }

    /** {@code cpu} or {@code cuda:N}, as the options name it. */
    @Override
    public String toString() {
        return isCpu() ? "cpu" : "cuda:" + device.getDeviceId();
    }
}
