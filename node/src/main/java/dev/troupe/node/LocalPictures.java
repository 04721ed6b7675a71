package dev.troupe.node;

import dev.troupe.cluster.Cluster;
import dev.troupe.device.DeviceConfig;
import dev.troupe.device.KernelPolicy;
import dev.troupe.device.TorchDevice;
import dev.troupe.image.model.BundledModel;
import dev.troupe.image.work.ImageWorkerVerticle;
import dev.troupe.image.work.ModelDirectory;
import dev.troupe.image.work.PrometheusPictureMetrics;
import dev.troupe.image.work.StepConfig;
import dev.troupe.image.work.Workshop;
import dev.troupe.models.ModelFormatException;
import io.prometheus.client.CollectorRegistry;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

/** The picture model of this process, and the worker that runs it. */
final class LocalPictures {
    private final ModelDirectory model;
    private final ImageWorkerVerticle worker;

    private LocalPictures(ModelDirectory model, ImageWorkerVerticle worker) {
        this.model = model;
        this.worker = worker;
    }

    /**
     * Loads the model and waits until the whole pool can reach the worker; blocks.
     *
     * @throws UserError when the model is not usable
     */
    static LocalPictures start(Cluster cluster, NodeOptions options, CollectorRegistry metrics) {
        ModelDirectory model = directory(options);
        ImageWorkerVerticle worker = new ImageWorkerVerticle(
                model.id() + "-" + UUID.randomUUID(),
                cluster.nodeId(),
                () -> load(model, options),
                StepConfig.DEFAULT,
                new PrometheusPictureMetrics(metrics)::of);
        Waiting.on(cluster.vertx().deployVerticle(worker));
        cluster.majority().listen(worker::majority);
        return new LocalPictures(model, worker);
    }

    private static ModelDirectory directory(NodeOptions options) {
        String name = options.imageModel().orElseThrow();
        try {
            if (name.equals(BundledModel.ID)) {
                return new ModelDirectory(bundled(options), name);
            }
            Path directory = Path.of(name).toAbsolutePath().normalize();
            return new ModelDirectory(directory, directory.getFileName().toString());
        } catch (ModelFormatException e) {
            throw new UserError("--image-model: " + e.getMessage(), e);
        }
    }

    private static Path bundled(NodeOptions options) {
        try {
            return BundledModel.unpackInto(options.data().resolve("models"))
                    .orElseThrow(
                            () -> new UserError(
                                    "this build brings no model of pictures along; give --image-model DIR, or --image-model none"));
        } catch (IOException e) {
            throw new UserError("cannot unpack the model of pictures: " + e, e);
        }
    }

    private static Workshop load(ModelDirectory model, NodeOptions options) throws IOException {
        TorchDevice device = TorchDevice.start(
                new DeviceConfig(options.device(), options.threads(), Natives.folder(options.data())));
        return model.load(device, KernelPolicy.fast(device), StepConfig.DEFAULT.maxRows());
    }

    /** @return completes when nothing is left, see {@link ImageWorkerVerticle#drain} */
    Future<Void> drain(Duration moveAfter) {
        return worker.drain(moveAfter);
    }

    /** One line for the operator. */
    String describe() {
        return model.id() + " makes pictures";
    }
}
