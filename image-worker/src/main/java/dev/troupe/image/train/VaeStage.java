package dev.troupe.image.train;

import dev.troupe.device.NativeScope;
import dev.troupe.device.TorchDevice;
import dev.troupe.image.model.Autoencoder;
import dev.troupe.image.model.Learner;
import dev.troupe.image.model.VaeConfig;
import dev.troupe.image.schedule.Noise;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Trains the autoencoder; at its end come scale and shift of the latents. Or the way back alone: latents stay what they are, so a U-Net that knows
 * them need not be trained again.
 */
final class VaeStage implements Stage {
    private static final Pace PACE = new Pace(2e-3, 50, 2000, 0.995);

    /** So far may latents of the U-Net be off without harm, in parts of their deviation. */
    private static final double TOLERANCE = 0.08;

    private final Learner learner;
    private final ModelFolder folder;
    private final ModelFolder.Sizes sizes;
    private final List<Emoji> emoji;
    private final Augmenter augmenter;
    private final VaeConfig config;
    private final TorchDevice device;
    private final int batch;
    private final boolean wayBackOnly;
    private final long seed;

    VaeStage(
            Learner learner,
            ModelFolder folder,
            ModelFolder.Sizes sizes,
            int batch,
            boolean wayBackOnly,
            List<Emoji> emoji,
            TorchDevice device,
            long seed)
            throws IOException {
        this.learner = learner;
        this.folder = folder;
        this.sizes = sizes;
        this.batch = batch;
        this.wayBackOnly = wayBackOnly;
        this.emoji = emoji;
        this.augmenter = new Augmenter(emoji, seed, Augmenter.Mixture.FULL);
        this.config = folder.config().vae();
        this.device = device;
        this.seed = seed;
    }

    @Override
    public double step(int number) {
        var samples = Batches.samples(augmenter, (long) number * batch, batch);
        int side = EmojiData.SIDE / config.factor();
        int latents = config.latentChannels() * side * side;
        float[] noise = Noise.unit(seed, number, batch * latents);
        if (wayBackOnly) {
            for (int i = 0; i < noise.length; i++) {
                noise[i] *= (float) (TOLERANCE / config.scale());
            }
        }
        try (NativeScope scope = learner.newScope()) {
            return learner.step(
                            scope,
                            wayBackOnly ? "polish" : "autoencode",
                            PACE.rateAt(number),
                            PACE.meanAt(number),
                            scope.floats(
                                    Batches.pictures(samples), batch, Canvas.CHANNELS, EmojiData.SIDE, EmojiData.SIDE),
                            scope.floats(noise, batch, config.latentChannels(), side, side))
                    .get(0)
                    .getFloat();
        }
    }

    @Override
    public int batch() {
        return batch;
    }

    @Override
    public void save(DataOutputStream out) throws IOException {
        learner.save(out);
    }

    @Override
    public void export() throws IOException {
        if (wayBackOnly) {
            folder.save(ModelFolder.VAE, learner.means());
            return;
        }
        folder.vae(sizes, 1, 0);
        folder.save(ModelFolder.VAE, learner.means());
        double sum = 0;
        double squares = 0;
        long count = 0;
        try (var vae =
                Autoencoder.load(folder.part(ModelFolder.VAE), folder.config().vae(), device)) {
            for (int i = 0; i < emoji.size(); i += 16) {
                for (float value : vae.encode(Batches.pictures(List.of(augmenter.sample(i))), EmojiData.SIDE)) {
                    sum += value;
                    squares += (double) value * value;
                    count++;
                }
            }
        }
        double shift = sum / count;
        folder.vae(sizes, 1 / Math.sqrt(squares / count - shift * shift), shift);
    }

    /** The error of pictures that were coded and decoded, as they are seen on white, from 0 to 1. */
    @Override
    public Map<String, Double> watch() throws IOException {
        export();
        var sheet = new ArrayList<Canvas>();
        double wrong = 0;
        int count = 0;
        try (var vae =
                Autoencoder.load(folder.part(ModelFolder.VAE), folder.config().vae(), device)) {
            for (int i = 0; i < emoji.size(); i += 40) {
                Canvas before = emoji.get(i).picture();
                float[] latents = vae.encode(before.straight(), EmojiData.SIDE);
                Canvas after = Canvas.ofStraight(EmojiData.SIDE, vae.decode(latents, EmojiData.SIDE / config.factor()));
                wrong += before.distance(after);
                count++;
                sheet.add(before);
                sheet.add(after);
            }
        }
        Sheet.write(folder.path().resolveSibling("vae.png"), sheet, 12);
        var measures = new LinkedHashMap<String, Double>();
        measures.put("error_on_white", wrong / count);
        return measures;
    }

    @Override
    public void close() {
        learner.close();
    }
}
