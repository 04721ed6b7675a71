package dev.troupe.device;

import java.nio.file.Path;
import java.util.Objects;

/**
 * How to start the native engine.
 *
 * @param device {@code auto}, {@code cpu} or {@code cuda:N}
 * @param threads threads of one operator on the CPU; 0 lets PyTorch take one a core
 * @param natives folder into which the native libraries are unpacked once
 */
public record DeviceConfig(String device, int threads, Path natives) {
    public DeviceConfig {
        Objects.requireNonNull(device, "device");
        Objects.requireNonNull(natives, "natives");
        if (!device.matches("auto|cpu|cuda:\\d{1,3}")) {
            throw new IllegalArgumentException("device '" + device + "': say auto, cpu or cuda:N, for example cuda:0");
        }
        if (threads < 0 || threads > 1024) {
            throw new IllegalArgumentException("threads " + threads + ": say 0 for one a core, or 1 to 1024");
        }
    }
}
