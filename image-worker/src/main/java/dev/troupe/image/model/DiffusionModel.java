package dev.troupe.image.model;

import ai.djl.ndarray.NDArray;
import dev.troupe.device.KernelPolicy;
import dev.troupe.device.NativeScope;
import dev.troupe.device.TorchDevice;
import dev.troupe.image.ImageModel;
import dev.troupe.image.LatentSize;
import dev.troupe.image.Picture;
import dev.troupe.image.TextEmbedding;
import dev.troupe.image.schedule.NoiseConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An {@link ImageModel} out of a diffusers directory of Stable Diffusion 1's or 2's layout, or with our own text encoder, in PyTorch. */
public final class DiffusionModel implements ImageModel {
    private final DiffusionConfig config;
    private final TextEncoder text;
    private final Network unet;
    private final Network vae;

    private DiffusionModel(DiffusionConfig config, TextEncoder text, Network unet, Network vae) {
        this.config = config;
        this.text = text;
        this.unet = unet;
        this.vae = vae;
    }

    /**
     * Carries a model to the device. Text encoder and autoencoder compute in float32 whatever the policy: together they are a few
     * hundredths of a picture's work, and its last bits are theirs.
     *
     * @param adapters merged into the weights, in order
     * @param policy of the U-Net: bfloat16 or float32; of U-Net and autoencoder: packed for oneDNN or plain
     * @throws IOException if a file cannot be read
     * @throws dev.troupe.models.ModelFormatException if something is missing, damaged, or not supported
     */
    public static DiffusionModel load(Path directory, List<Adapter> adapters, TorchDevice device, KernelPolicy policy)
            throws IOException {
        DiffusionConfig config = DiffusionConfig.read(directory);
        var loras = new ArrayList<LoraAdapter>();
        for (Adapter adapter : adapters) {
            loras.add(LoraAdapter.read(adapter.file(), adapter.strength()));
        }
        var loader = new DiffusionLoader(directory, config, loras, device);
        TextEncoder text = null;
        Network unet = null;
        try {
            text = loader.text();
            unet = loader.unet(new Network.Kernels(policy.bfloat16(), policy.packed()));
            loras.forEach(LoraAdapter::requireAllUsed);
            return new DiffusionModel(config, text, unet, loader.vae(new Network.Kernels(false, policy.packed())));
        } catch (IOException | RuntimeException | Error e) {
            close(text);
            close(unet);
            throw e;
        }
    }

    private static void close(NativePart part) {
        if (part != null) {
            part.close();
        }
    }

    @Override
    public NoiseConfig noise() {
        return config.noise();
    }

    @Override
    public int pictureChannels() {
        return config.vae().pictureChannels();
    }

    @Override
    public int factor() {
        return config.vae().factor();
    }

    /** Pixels along a side of the pictures that it was trained on. */
    public int trainedSide() {
        return config.unet().sampleSize() * factor();
    }

    @Override
    public LatentSize latents(int width, int height) {
        int factor = factor();
        if (width < factor || height < factor || width % factor != 0 || height % factor != 0) {
            throw new IllegalArgumentException("size " + width + "x" + height + ": both sides must be multiples of "
                    + factor + " pixels for this model");
        }
        return new LatentSize(config.unet().channels(), height / factor, width / factor);
    }

    @Override
    public TextEmbedding encodeText(String prompt) {
        return text.encode(prompt);
    }

    @Override
    public float[] predict(LatentSize size, float[] latents, float[] times, List<TextEmbedding> texts) {
        int rows = times.length;
        if (texts.size() != rows || latents.length != rows * size.count()) {
            throw new IllegalArgumentException(rows + " times, " + texts.size() + " texts and " + latents.length
                    + " numbers of latents do not fit each other");
        }
        int positions = config.text().positions();
        int width = config.unet().textWidth();
        int pooledWidth = config.unet().pooledWidth();
        var stacked = new float[rows * positions * width];
        var pooled = new float[rows * pooledWidth];
        for (int row = 0; row < rows; row++) {
            texts.get(row).copyTo(stacked, row * positions * width);
            texts.get(row).copyPooledTo(pooled, row * pooledWidth);
        }
        try (NativeScope scope = unet.newScope()) {
            var arguments = new ArrayList<>(List.of(
                    scope.floats(latents, rows, size.channels(), size.height(), size.width()),
                    scope.floats(times, rows),
                    scope.floats(stacked, rows, positions, width)));
            if (pooledWidth > 0) {
                arguments.add(scope.floats(pooled, rows, pooledWidth));
            }
            return unet.call(scope, "step", arguments.toArray(NDArray[]::new));
        }
    }

    @Override
    public float[] encode(Picture picture) {
        if (picture.channels() != pictureChannels()) {
            throw new IllegalArgumentException(
                    "the model's pictures have " + pictureChannels() + " channels, and this one " + picture.channels());
        }
        latents(picture.width(), picture.height()); // for its message
        float[] values = picture.values();
        for (int i = 0; i < values.length; i++) {
            values[i] = 2 * values[i] - 1;
        }
        VaeConfig coder = config.vae();
        float[] latents;
        try (NativeScope scope = vae.newScope()) {
            var input = scope.floats(values, 1, picture.channels(), picture.height(), picture.width());
            latents = vae.call(scope, "encode", input);
        }
        for (int i = 0; i < latents.length; i++) {
            latents[i] = (float) ((latents[i] - coder.shift()) * coder.scale());
        }
        return latents;
    }

    @Override
    public Picture decode(LatentSize size, float[] latents) {
        VaeConfig coder = config.vae();
        var scaled = new float[latents.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (float) (latents[i] / coder.scale() + coder.shift());
        }
        float[] values;
        try (NativeScope scope = vae.newScope()) {
            var input = scope.floats(scaled, 1, size.channels(), size.height(), size.width());
            values = vae.call(scope, "decode", input);
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = values[i] / 2 + 0.5f;
        }
        return new Picture(pictureChannels(), size.height() * factor(), size.width() * factor(), values);
    }

    @Override
    public void close() {
        text.close();
        unet.close();
        vae.close();
    }
}
