package dev.troupe.image;

import dev.troupe.image.schedule.BetaSchedule;
import dev.troupe.image.schedule.NoiseConfig;
import dev.troupe.image.schedule.Prediction;
import dev.troupe.image.schedule.Sampler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A model whose answer for a row is half its input plus its text's only number, so that arithmetic can be done by hand. */
public final class FakeModel implements ImageModel {
    public static final int FACTOR = 2;

    public final List<String> read = new ArrayList<>();
    public final List<Integer> passes = new ArrayList<>(); // rows of each
    public boolean closed;
    public RuntimeException failure; // of the next call of the network
    public float poison = Float.NaN; // rows whose text is this number answer what is no number

    @Override
    public NoiseConfig noise() {
        return new NoiseConfig(
                1000,
                0.00085,
                0.012,
                BetaSchedule.SCALED_LINEAR,
                false,
                Prediction.SAMPLE,
                Sampler.DDIM,
                Optional.empty(),
                0,
                true);
    }

    @Override
    public int pictureChannels() {
        return 3;
    }

    @Override
    public int factor() {
        return FACTOR;
    }

    @Override
    public LatentSize latents(int width, int height) {
        if (width % FACTOR != 0 || height % FACTOR != 0) {
            throw new IllegalArgumentException("sizes are even");
        }
        return new LatentSize(3, height / FACTOR, width / FACTOR);
    }

    @Override
    public TextEmbedding encodeText(String text) {
        read.add(text);
        Optional<String> cut = text.length() > 20 ? Optional.of(" is long") : Optional.empty();
        return new TextEmbedding(new float[] {text.length()}, cut);
    }

    @Override
    public float[] predict(LatentSize size, float[] latents, float[] times, List<TextEmbedding> texts) {
        if (failure != null) {
            RuntimeException now = failure;
            failure = null;
            throw now;
        }
        passes.add(times.length);
        var answers = new float[latents.length];
        for (int i = 0; i < answers.length; i++) {
            var number = new float[1];
            texts.get(i / size.count()).copyTo(number, 0);
            answers[i] = number[0] == poison ? Float.NaN : latents[i] / 2 + number[0];
        }
        return answers;
    }

    @Override
    public float[] encode(Picture picture) {
        int side = FACTOR;
        var latents = new float[picture.channels() * picture.height() / side * picture.width() / side];
        Arrays.fill(latents, picture.values()[0]);
        return latents;
    }

    @Override
    public Picture decode(LatentSize size, float[] latents) {
        var values = new float[3 * size.height() * size.width() * FACTOR * FACTOR];
        Arrays.fill(values, latents[0]);
        return new Picture(3, size.height() * FACTOR, size.width() * FACTOR, values);
    }

    @Override
    public void close() {
        closed = true;
    }
}
