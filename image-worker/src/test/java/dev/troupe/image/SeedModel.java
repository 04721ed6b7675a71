package dev.troupe.image;

import dev.troupe.image.schedule.NoiseConfig;
import java.util.ArrayList;
import java.util.List;

/** A model whose pictures show their seeds: what is left of the noise at each place. Cheap, for many thousands of pictures. */
public final class SeedModel implements ImageModel {
    public final List<Integer> passes = new ArrayList<>(); // rows of each
    private final FakeModel like = new FakeModel();

    @Override
    public NoiseConfig noise() {
        return like.noise();
    }

    @Override
    public int pictureChannels() {
        return like.pictureChannels();
    }

    @Override
    public int factor() {
        return like.factor();
    }

    @Override
    public LatentSize latents(int width, int height) {
        return like.latents(width, height);
    }

    @Override
    public TextEmbedding encodeText(String text) {
        return like.encodeText(text);
    }

    @Override
    public float[] predict(LatentSize size, float[] latents, float[] times, List<TextEmbedding> texts) {
        passes.add(times.length);
        var answers = new float[latents.length];
        var number = new float[1];
        for (int i = 0; i < answers.length; i++) {
            texts.get(i / size.count()).copyTo(number, 0);
            answers[i] = latents[i] / 2 + number[0] / 100;
        }
        return answers;
    }

    @Override
    public float[] encode(Picture picture) {
        return like.encode(picture);
    }

    @Override
    public Picture decode(LatentSize size, float[] latents) {
        int factor = like.factor();
        int width = size.width() * factor;
        int height = size.height() * factor;
        var values = new float[size.channels() * width * height];
        for (int i = 0; i < values.length; i++) {
            int channel = i / (width * height);
            int y = i / width % height;
            int x = i % width;
            float latent = latents[(channel * size.height() + y / factor) * size.width() + x / factor];
            values[i] = (float) (1 / (1 + Math.exp(-3 * latent)));
        }
        return new Picture(size.channels(), height, width, values);
    }

    @Override
    public void close() {
        like.close();
    }
}
