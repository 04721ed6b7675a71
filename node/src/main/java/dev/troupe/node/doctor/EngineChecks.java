package dev.troupe.node.doctor;

import dev.troupe.device.DeviceConfig;
import dev.troupe.device.DeviceException;
import dev.troupe.device.NativeCompiler;
import dev.troupe.device.TorchDevice;
import dev.troupe.models.ModelFormatException;
import dev.troupe.models.hub.ModelHub;
import dev.troupe.models.hub.ModelStatus;
import dev.troupe.models.weights.ModelWeights;
import dev.troupe.worker.model.NativeModel;
import java.io.IOException;
import java.nio.file.Path;

/** Verdicts that take the real thing: loading the native engine, and reading whole model files. */
final class EngineChecks {
    private EngineChecks() {}

    /** @param folder that they are compiled into, once */
    static Verdict kernels(Path folder) {
        try {
            NativeModel.prepare(new NativeCompiler(folder));
            return Verdict.ok("kernels", "our own, compiled for this processor, in " + folder);
        } catch (DeviceException e) {
            return Verdict.warn("kernels", e.getMessage() + "; models run on PyTorch's kernels, which are slower");
        }
    }

    /** @param folder that they are unpacked into, once */
    static Verdict natives(Path folder) {
        try {
            TorchDevice device = TorchDevice.start(new DeviceConfig("cpu", 0, folder));
            return Verdict.ok(
                    "native libraries", "PyTorch loads from " + folder + ", " + device.threads() + " threads");
        } catch (DeviceException e) {
            return Verdict.fail("native libraries", e.getMessage() + "; name a folder that you may write with --data");
        }
    }

    static Verdict device(String wish, Path natives) {
        try {
            return Verdict.ok("device", wish + " is " + TorchDevice.start(new DeviceConfig(wish, 0, natives)));
        } catch (DeviceException | IllegalArgumentException e) {
            return Verdict.fail("device", e.getMessage());
        }
    }

    static Verdict model(ModelHub hub, ModelStatus model) {
        if (model.path().isEmpty()) {
            return Verdict.ok(model.id(), "not downloaded; --model " + model.id() + " fetches it");
        }
        Path file = model.path().get();
        try (ModelWeights weights = ModelWeights.open(file)) {
            return hub.isIntact(model)
                    ? Verdict.ok(model.id(), weights.names().size() + " tensors, as pinned, in " + file)
                    : damaged(model, "is not the file that was pinned");
        } catch (ModelFormatException e) {
            return damaged(model, e.getMessage());
        } catch (IOException e) {
            return Verdict.fail(model.id(), "cannot read " + file + ": " + e.getMessage());
        }
    }

    private static Verdict damaged(ModelStatus model, String how) {
        return Verdict.fail(
                model.id(), how + "; delete " + model.path().orElseThrow() + ", and the next start fetches it again");
    }
}
