package dev.troupe.image;

import java.util.Optional;

/** A text as the network takes it. Immutable, so that it can be kept for many requests. */
public final class TextEmbedding {
    private final float[] values;
    private final float[] pooled;
    private final Optional<String> cut;

    /**
     * @param values [positions, width]
     * @param cut the end of the text that did not fit the encoder
     */
    public TextEmbedding(float[] values, Optional<String> cut) {
        this(values, new float[0], cut);
    }

    /**
     * @param values [positions, width]
     * @param pooled [width], one vector for the whole text; empty for networks that take none
     * @param cut the end of the text that did not fit the encoder
     */
    public TextEmbedding(float[] values, float[] pooled, Optional<String> cut) {
        this.values = values.clone();
        this.pooled = pooled.clone();
        this.cut = cut;
    }

    public int length() {
        return values.length;
    }

    /** Copies the values to {@code to} from {@code at} on. */
    public void copyTo(float[] to, int at) {
        System.arraycopy(values, 0, to, at, values.length);
    }

    /** Copies the vector for the whole text to {@code to} from {@code at} on. */
    public void copyPooledTo(float[] to, int at) {
        System.arraycopy(pooled, 0, to, at, pooled.length);
    }

    /** What to tell whoever wrote the text, if not all of it fits. */
    public Optional<String> warning(String name) {
        return cut.map(rest -> name + rest);
    }
}
