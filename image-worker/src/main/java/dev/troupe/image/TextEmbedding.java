package dev.troupe.image;

import java.util.Optional;

/** A text as the network takes it. Immutable, so that it can be kept for many requests. */
public final class TextEmbedding {
    private final float[] values;
    private final Optional<String> cut;

    /**
     * @param values [positions, width]
     * @param cut the end of the text that did not fit the encoder
     */
    public TextEmbedding(float[] values, Optional<String> cut) {
        this.values = values.clone();
        this.cut = cut;
    }

    public int length() {
        return values.length;
    }

    /** Copies the values to {@code to} from {@code at} on. */
    public void copyTo(float[] to, int at) {
        System.arraycopy(values, 0, to, at, values.length);
    }

    /** What to tell whoever wrote the text, if not all of it fits. */
    public Optional<String> warning(String name) {
        return cut.map(rest -> name + rest);
    }
}
