package dev.troupe.image.model;

import dev.troupe.device.TorchDevice;
import dev.troupe.image.schedule.Noise;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A network that can be trained: its program with its losses, ready to begin or to go on. */
public final class Trainee {
    private static final double LAYER_EPS = 1e-5;
    private static final double WEIGHT_DECAY = 0.01;

    private final NetworkWriter written;
    private final Network.Numbers numbers;
    private final double decay;

    private Trainee(NetworkWriter written, Network.Numbers numbers) {
        this(written, numbers, WEIGHT_DECAY);
    }

    private Trainee(NetworkWriter written, Network.Numbers numbers, double decay) {
        this.written = written;
        this.numbers = numbers;
        this.decay = decay;
    }

    /** Learns by {@code autoencode}, or by {@code polish}. Its weights do not decay, so that what is not taught stays what it is. */
    public static Trainee vae(VaeConfig config) {
        NetworkWriter written = VaeProgram.write(config);
        Losses.autoencode(written);
        Losses.polish(written, config.latentChannels());
        return new Trainee(written, DiffusionLoader.numbers(config), 0);
    }

    /** Learns by {@code denoise}. */
    public static Trainee unet(UnetConfig config) {
        NetworkWriter written = UnetProgram.write(config);
        Losses.denoise(written);
        return new Trainee(written, DiffusionLoader.numbers(config));
    }

    /** Learns by {@code follow}. */
    public static Trainee text(WordTextConfig config) {
        var written = new NetworkWriter();
        WordTextProgram.write(config, written);
        Losses.follow(written);
        return new Trainee(written, new Network.Numbers(1, LAYER_EPS, LAYER_EPS, 0));
    }

    /**
     * A text encoder and a network that looks at pictures, which learn by {@code match}.
     *
     * @param channels of the pictures
     * @param side of the pictures
     * @param widths of the levels of the network that looks
     */
    public static Trainee pair(WordTextConfig config, int channels, int side, List<Integer> widths) {
        var written = new NetworkWriter();
        WordTextProgram.write(config, written);
        TowerProgram.write(channels, side, widths, config.pooled(), written);
        Losses.match(written);
        return new Trainee(written, new Network.Numbers(8, LAYER_EPS, LAYER_EPS, 0));
    }

    /** Begins without history. */
    public Learner start(TorchDevice device, Learner.Source source) {
        return Learner.start(device, written, numbers, decay, source);
    }

    /**
     * Begins without history, from the weights of a model's folder.
     *
     * @throws dev.troupe.models.ModelFormatException if they are not of this network
     */
    public Learner start(TorchDevice device, Path folder, String stem) throws IOException {
        try (var weights = NetworkWeights.open(folder, stem, name -> name)) {
            return start(device, (name, shape, number) -> weights.values(name, shape));
        }
    }

    /**
     * Goes on from a state that {@link Learner#save} wrote.
     *
     * @throws IOException if it cannot be read, or is of another network
     */
    public Learner resume(TorchDevice device, DataInputStream in) throws IOException {
        return Learner.resume(device, written, numbers, decay, in);
    }

    /** First weights: norms do nothing, biases are 0, all else is noise that keeps the size of what passes (He and others 2015). */
    public static Learner.Source firstWeights(long seed) {
        return (name, shape, number) -> {
            long size = 1;
            for (long axis : shape) {
                size *= axis;
            }
            var values = new float[Math.toIntExact(size)];
            if (name.equals("logit_scale")) {
                values[0] = 2.3f; // a tenth, as a temperature
            } else if (shape.size() == 1) {
                java.util.Arrays.fill(values, name.endsWith(".weight") ? 1 : 0);
            } else {
                double deviation = deviation(name, shape, size);
                float[] noise = Noise.unit(seed, number, values.length);
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) (deviation * noise[i]);
                }
            }
            return values;
        };
    }

    private static double deviation(String name, List<Long> shape, long size) {
        if (name.contains("embeddings.")) {
            return name.contains("position") ? 0.1 : 0.3;
        }
        double kept = 1 / Math.sqrt((double) size / shape.get(0));
        // What is added to a stream begins small, so that a deep network begins as a shallow one.
        boolean last = name.endsWith("conv2.weight")
                || name.endsWith("proj_out.weight")
                || name.endsWith("out_proj.weight")
                || name.endsWith("fc2.weight")
                || name.endsWith("to_out.0.weight")
                || name.endsWith("ff.net.2.weight");
        return last ? 0.2 * kept : kept;
    }
}
