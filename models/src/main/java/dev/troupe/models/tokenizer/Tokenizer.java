package dev.troupe.models.tokenizer;

import dev.troupe.models.ModelCard;
import dev.troupe.models.ModelFormatException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Text to token ids and back. Immutable and safe on any thread; its native memory is freed when it is unreachable.
 *
 * <p>Texts are taken as they come: a lone surrogate, which no encoding of Unicode can carry, becomes U+FFFD.
 */
public final class Tokenizer {
    private final ModelCard card; // holds the tokenizer.json compressed
    private final TokenTable table;
    private final Set<Integer> eosIds;
    private final NativeTokenizer tokenizer;
    private volatile NativeTokenizer plain; // knows no special tokens; made when first wanted

    private Tokenizer(ModelCard card) {
        this.card = card;
        eosIds = Set.copyOf(card.specialTokens().eosIds());
        byte[] json = card.tokenizer().uncompress();
        table = TokenizerJson.read(json);
        tokenizer = new NativeTokenizer(new String(json, StandardCharsets.UTF_8));
    }

    /**
     * Builds the tokenizer that a card carries; takes from tens of milliseconds to seconds, by the size of the vocabulary.
     *
     * @throws ModelFormatException when the card's {@code tokenizer.json} is not one that works
     */
    public static Tokenizer from(ModelCard card) {
        try {
            return new Tokenizer(card);
        } catch (ModelFormatException e) {
            throw new ModelFormatException("model '" + card.id() + "': " + e.getMessage(), e);
        }
    }

    /**
     * Ids of exactly this text; nothing is put before or after it.
     *
     * @param parseSpecial whether the text of a special token, such as {@code <|im_end|>}, becomes that token, as a
     *     rendered chat template wants it, or is spelled out like any text
     */
    public int[] encode(String text, boolean parseSpecial) {
        return (parseSpecial ? tokenizer : plain()).encode(wellFormed(text), false);
    }

    /** Ids of a raw prompt: special tokens are recognised, and BOS comes first where the model was trained with it. */
    public int[] encodePrompt(String text) {
        return tokenizer.encode(wellFormed(text), true);
    }

    /**
     * The text of the ids without special tokens; bytes that are no UTF-8 become U+FFFD.
     *
     * @throws IllegalArgumentException when an id is outside the vocabulary
     */
    public String decode(int[] ids) {
        var stream = new IncrementalDetokenizer(this);
        var out = new StringBuilder();
        for (int id : ids) {
            out.append(stream.accept(id));
        }
        String text = out.append(stream.finish()).toString();
        return table.stripsLeadingSpace() && text.startsWith(" ") ? text.substring(1) : text;
    }

    /**
     * The bytes that a token stands for, which may be a part of a character. A special token gives its own name.
     *
     * @throws IllegalArgumentException when the id is outside the vocabulary
     */
    public byte[] tokenBytes(int id) {
        return table.bytes(id);
    }

    /** Like {@link #tokenBytes}, into text. */
    void decode(int id, Utf8Decoder decoder, StringBuilder out) {
        table.decode(id, decoder, out);
    }

    /** Whether the token is control and not text: such tokens are left out of decoded text. */
    public boolean isSpecial(int id) {
        return table.isSpecial(id);
    }

    /** The id of a special or user-defined token by its whole text, such as {@code <|im_end|>}. */
    public OptionalInt specialId(String text) {
        return table.addedId(text);
    }

    /** The ids that end a text. */
    public Set<Integer> eosIds() {
        return eosIds;
    }

    public OptionalInt bosId() {
        return card.specialTokens().bosId();
    }

    /** Tokens the tokenizer knows; a model's embedding may have more rows than that. */
    public int vocabSize() {
        return table.size();
    }

    private NativeTokenizer plain() {
        NativeTokenizer known = plain;
        if (known == null) {
            synchronized (this) {
                known = plain;
                if (known == null) {
                    known = new NativeTokenizer(
                            TokenizerJson.withoutSpecial(card.tokenizer().uncompress()));
                    plain = known;
                }
            }
        }
        return known;
    }

    private static String wellFormed(String text) {
        int[] points = null;
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                points = text.codePoints().toArray();
                break;
            }
        }
        if (points == null || Arrays.stream(points).noneMatch(Tokenizer::isSurrogate)) {
            return text;
        }
        int[] replaced =
                Arrays.stream(points).map(p -> isSurrogate(p) ? 0xFFFD : p).toArray();
        return new String(replaced, 0, replaced.length);
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }
}
