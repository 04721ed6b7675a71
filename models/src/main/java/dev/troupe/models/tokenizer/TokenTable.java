package dev.troupe.models.tokenizer;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The exact bytes of every token, side by side in one array, and which tokens are special. */
final class TokenTable {
    private final byte[] bytes;
    private final int[] ends; // [vocab], where the bytes of a token end
    private final BitSet special;
    private final Map<String, Integer> added;
    private final boolean stripsLeadingSpace;

    TokenTable(byte[][] tokens, BitSet special, Map<String, Integer> added, boolean stripsLeadingSpace) {
        var all = new ByteArrayOutputStream();
        ends = new int[tokens.length];
        for (int id = 0; id < tokens.length; id++) {
            if (tokens[id] != null) {
                all.writeBytes(tokens[id]);
            }
            ends[id] = all.size();
        }
        this.bytes = all.toByteArray();
        this.special = (BitSet) special.clone();
        this.added = Map.copyOf(added);
        this.stripsLeadingSpace = stripsLeadingSpace;
    }

    int size() {
        return ends.length;
    }

    byte[] bytes(int id) {
        return Arrays.copyOfRange(bytes, start(id), ends[id]);
    }

    void decode(int id, Utf8Decoder decoder, StringBuilder out) {
        decoder.decode(bytes, start(id), ends[id], out);
    }

    boolean isSpecial(int id) {
        checkId(id);
        return special.get(id);
    }

    /** The id of a token that is found whole in a text: a special or a user-defined one. */
    OptionalInt addedId(String text) {
        return Optional.ofNullable(added.get(text)).map(OptionalInt::of).orElseGet(OptionalInt::empty);
    }

    /** Whether the model's decoder drops the one space that its normalizer puts before a text. */
    boolean stripsLeadingSpace() {
        return stripsLeadingSpace;
    }

    private int start(int id) {
        checkId(id);
        return id == 0 ? 0 : ends[id - 1];
    }

    private void checkId(int id) {
        if (id < 0 || id >= ends.length) {
            throw new IllegalArgumentException("token id " + id + " is outside the vocabulary of " + ends.length);
        }
    }
}
