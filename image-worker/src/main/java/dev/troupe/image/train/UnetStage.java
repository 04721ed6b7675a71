package dev.troupe.image.train;

import ai.djl.ndarray.NDArray;
import dev.troupe.device.NativeScope;
import dev.troupe.device.TorchDevice;
import dev.troupe.image.model.Autoencoder;
import dev.troupe.image.model.DiffusionConfig;
import dev.troupe.image.model.Learner;
import dev.troupe.image.model.WordTextConfig;
import dev.troupe.image.schedule.Noise;
import dev.troupe.image.schedule.TrainedNoise;
import dev.troupe.image.text.WordTokenizer;
import dev.troupe.image.train.Draws.Purpose;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Trains the U-Net to tell the picture from its noisy latents and a caption, and the text encoder along with it: the gradients that
 * arrive at the text go on into the encoder.
 *
 * <p>Latents are made for some thousand samples at a time, and these are used a few times before the next come: coding a picture costs a
 * fifth of a step on it.
 */
final class UnetStage implements Stage {
    private static final double WITHOUT_TEXT = 0.1;

    /** Words are learned where little else can be seen; so often a row is nearly all noise. */
    private static final double MOSTLY_NOISE = 0.35;

    private static final double MOST_SHARE = 3;
    private static final Pace PACE = new Pace(1.2e-3, 100, 12_000, 0.999);

    private final Learner unet;
    private final Learner text;
    private final ModelFolder folder;
    private final DiffusionConfig config;
    private final WordTextConfig words;
    private final WordTokenizer tokenizer;
    private final Autoencoder vae;
    private final Augmenter augmenter;
    private final TrainedNoise noise;
    private final Watcher watcher;
    private final long seed;

    private final int batch;
    private final int size; // of the pool
    private final int stepsOfPool;
    private final float[][] latents; // [sample][C * side * side]
    private final long[][] ids; // [sample][positions * parts]
    private final long[] empty;
    private int pool = -1;
    private Order order;
    private int ordered = -1;

    /** Looks at what the model makes by now. */
    @FunctionalInterface
    interface Watcher {
        Map<String, Double> watch() throws IOException;
    }

    UnetStage(
            Learner unet,
            Learner text,
            ModelFolder folder,
            ModelFolder.Work work,
            List<Emoji> emoji,
            TorchDevice device,
            Watcher watcher,
            long seed)
            throws IOException {
        this.unet = unet;
        this.text = text;
        this.folder = folder;
        this.config = folder.config();
        this.words = folder.text();
        this.tokenizer = folder.tokenizer();
        this.vae = Autoencoder.load(folder.part(ModelFolder.VAE), config.vae(), device);
        this.augmenter = new Augmenter(emoji, seed, Augmenter.Mixture.FULL);
        this.noise = new TrainedNoise(config.noise());
        this.watcher = watcher;
        this.seed = seed;
        this.batch = work.unet();
        this.size = work.pool();
        this.stepsOfPool = size * work.passes() / batch;
        this.latents = new float[size][];
        this.ids = new long[size][];
        this.empty = tokenizer.encode("").ids();
    }

    @Override
    public double step(int number) {
        fill(number / stepsOfPool);
        int pass = (int) ((long) number * batch / size);
        if (pass != ordered) {
            order = Order.of(seed, pass, size);
            ordered = pass;
        }
        int length = latents[0].length;
        var clean = new float[batch * length];
        var texts = new long[batch * empty.length];
        var times = new float[batch];
        var signal = new float[batch];
        var spread = new float[batch];
        var share = new float[batch];
        for (int row = 0; row < batch; row++) {
            var draws = new Draws(seed, Purpose.TIME, (long) number * batch + row);
            int sample = order.at((int) ((long) number * batch % size) + row);
            long[] caption = draws.with(WITHOUT_TEXT) ? empty : ids[sample];
            int trained = config.noise().trainSteps();
            int time = draws.with(MOSTLY_NOISE) ? (int) (trained * draws.between(0.8, 1)) : draws.below(trained);
            System.arraycopy(latents[sample], 0, clean, row * length, length);
            System.arraycopy(caption, 0, texts, row * empty.length, empty.length);
            times[row] = time;
            signal[row] = (float) noise.alpha(time);
            spread[row] = (float) noise.sigma(time);
            share[row] = (float) Math.min(MOST_SHARE, 1 / (spread[row] * spread[row]));
        }
        float[] noises = Noise.unit(seed, number, clean.length);
        return descend(number, clean, noises, signal, spread, share, times, texts);
    }

    private double descend(
            int number,
            float[] clean,
            float[] noises,
            float[] signal,
            float[] spread,
            float[] share,
            float[] times,
            long[] texts) {
        double rate = PACE.rateAt(number);
        double mean = PACE.meanAt(number);
        int channels = config.unet().channels();
        long side = Math.round(Math.sqrt((double) clean.length / batch / channels));
        try (NativeScope here = unet.newScope();
                NativeScope there = text.newScope()) {
            NDArray asked = there.longs(texts, batch, words.positions(), words.parts());
            List<NDArray> read = text.call(there, "read", asked);
            List<NDArray> answer = unet.step(
                    here,
                    "denoise",
                    rate,
                    mean,
                    here.floats(clean, batch, channels, side, side),
                    here.floats(noises, batch, channels, side, side),
                    here.floats(signal, batch, 1, 1, 1),
                    here.floats(spread, batch, 1, 1, 1),
                    here.floats(share, batch, 1, 1, 1),
                    here.floats(times, batch),
                    read.get(0),
                    read.get(1));
            text.step(there, "follow", rate, mean, asked, answer.get(2), answer.get(3));
            return answer.get(0).getFloat();
        }
    }

    private void fill(int wanted) {
        if (pool == wanted) {
            return;
        }
        for (int at = 0; at < size; at += batch) {
            List<Sample> samples = Batches.samples(augmenter, (long) wanted * size + at, batch);
            float[] coded = vae.encode(Batches.pictures(samples), EmojiData.SIDE);
            int length = coded.length / batch;
            for (int i = 0; i < batch; i++) {
                latents[at + i] = Arrays.copyOfRange(coded, i * length, (i + 1) * length);
                ids[at + i] = tokenizer.encode(samples.get(i).caption()).ids();
            }
        }
        pool = wanted;
    }

    @Override
    public int batch() {
        return batch;
    }

    @Override
    public void save(DataOutputStream out) throws IOException {
        unet.save(out);
        text.save(out);
    }

    @Override
    public void export() throws IOException {
        folder.save(ModelFolder.UNET, unet.means());
        folder.save(ModelFolder.TEXT, text.means());
    }

    @Override
    public Map<String, Double> watch() throws IOException {
        export();
        return watcher.watch();
    }

    @Override
    public void close() {
        unet.close();
        text.close();
        vae.close();
    }
}
