package dev.troupe.image;

import dev.troupe.image.schedule.NoiseConfig;
import java.util.List;

/**
 * A diffusion model as the engine sees it: three networks and the noise they were trained with. It keeps no account of pictures. Belongs
 * to one thread at a time.
 */
public interface ImageModel extends AutoCloseable {
    /** The noise it was trained with, and its makers' sampler. */
    NoiseConfig noise();

    /** 3, or 4 for pictures with opacity. */
    int pictureChannels();

    /** Pixels along a side for one of the latents. */
    int factor();

    /**
     * The latents of a picture of that size.
     *
     * @throws IllegalArgumentException if the model cannot make such a picture; the message says which sizes it can
     */
    LatentSize latents(int width, int height);

    /** Reads a text. */
    TextEmbedding encodeText(String text);

    /**
     * Asks the network about several rows at once, each for itself.
     *
     * @param latents [rows, channels, height, width], scaled so that picture and noise together have variance 1
     * @param times [rows], in trained steps
     * @param texts [rows]
     * @return the answers, like {@code latents}
     */
    float[] predict(LatentSize size, float[] latents, float[] times, List<TextEmbedding> texts);

    /** The latents of a picture. */
    float[] encode(Picture picture);

    /** The picture of latents. */
    Picture decode(LatentSize size, float[] latents);

    @Override
    void close();
}
