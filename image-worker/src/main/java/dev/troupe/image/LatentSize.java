package dev.troupe.image;

/** The shape of a picture's latents. */
public record LatentSize(int channels, int height, int width) {
    /** Numbers in them. */
    public int count() {
        return channels * height * width;
    }
}
