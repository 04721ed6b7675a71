package dev.troupe.image.model;

import dev.troupe.device.NativeScope;
import dev.troupe.device.TorchDevice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The autoencoder of a model's folder alone, for many pictures at once. Belongs to one thread at a time. */
public final class Autoencoder implements AutoCloseable {
    private final VaeConfig config;
    private final Network network;

    private Autoencoder(VaeConfig config, Network network) {
        this.config = config;
        this.network = network;
    }

    /** Loads {@code vae/}. */
    public static Autoencoder load(Path folder, VaeConfig config, TorchDevice device) throws IOException {
        try (var weights = NetworkWeights.open(folder, "diffusion_pytorch_model", name -> name)) {
            return new Autoencoder(
                    config,
                    Network.load(
                            device,
                            VaeProgram.write(config),
                            DiffusionLoader.numbers(config),
                            Network.Kernels.PLAIN,
                            weights,
                            Optional.empty(),
                            List.of()));
        }
    }

    /**
     * Codes pictures.
     *
     * @param pictures [R, P, side, side], from -1 to 1
     * @return [R, C, side / f, side / f], with scale and shift
     */
    public float[] encode(float[] pictures, int side) {
        int rows = pictures.length / (config.pictureChannels() * side * side);
        try (NativeScope scope = network.newScope()) {
            float[] latents =
                    network.call(scope, "encode", scope.floats(pictures, rows, config.pictureChannels(), side, side));
            for (int i = 0; i < latents.length; i++) {
                latents[i] = (float) ((latents[i] - config.shift()) * config.scale());
            }
            return latents;
        }
    }

    /**
     * Decodes latents.
     *
     * @param latents [R, C, side, side], with scale and shift
     * @return [R, P, side * f, side * f], about -1 to 1
     */
    public float[] decode(float[] latents, int side) {
        int rows = latents.length / (config.latentChannels() * side * side);
        var plain = new float[latents.length];
        for (int i = 0; i < plain.length; i++) {
            plain[i] = (float) (latents[i] / config.scale() + config.shift());
        }
        try (NativeScope scope = network.newScope()) {
            return network.call(scope, "decode", scope.floats(plain, rows, config.latentChannels(), side, side));
        }
    }

    @Override
    public void close() {
        network.close();
    }
}
