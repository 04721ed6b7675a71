package dev.troupe.models.tokenizer;

/**
 * The text of one stream as its tokens come. Deltas hold whole characters only: the bytes of an unfinished one wait for
 * the next token. The deltas and the final flush together are what decoding all bytes at once with U+FFFD for whatever is
 * not UTF-8 gives. Special tokens give no text. For one thread at a time.
 */
public final class IncrementalDetokenizer {
    private final Tokenizer tokenizer;
    private final Utf8Decoder decoder = new Utf8Decoder();
    private final StringBuilder text = new StringBuilder();

    public IncrementalDetokenizer(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * The text that this token completes; empty when it completes none.
     *
     * @throws IllegalArgumentException when the id is outside the vocabulary
     */
    public String accept(int id) {
        if (tokenizer.isSpecial(id)) {
            return "";
        }
        tokenizer.decode(id, decoder, text);
        return taken();
    }

    /** The end of the stream: U+FFFD for a character that was never finished. The stream is as new afterwards. */
    public String finish() {
        decoder.finish(text);
        return taken();
    }

    private String taken() {
        String taken = text.toString();
        text.setLength(0);
        return taken;
    }
}
