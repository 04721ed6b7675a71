package dev.troupe.device;

import java.nio.file.Path;

/** The CPU, with native libraries where every module's tests find them unpacked. */
final class Devices {
    private Devices() {}

    static TorchDevice cpu() {
        return TorchDevice.start(
                new DeviceConfig("cpu", 0, Path.of(System.getProperty("user.home"), ".troupe", "native")));
    }
}
