package dev.troupe.router.http;

import dev.troupe.models.tokenizer.Tokenizer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A token as log-probabilities show it.
 *
 * @param text with the bytes written {@code \xe2\x82} when they are a part of a character
 * @param bytes that it stands for, 0 to 255
 */
record TokenText(String text, boolean whole, List<Integer> bytes) {
    TokenText {
        bytes = List.copyOf(bytes);
    }

    /** Ids beyond the tokenizer's words, which an embedding may have, stand for nothing. */
    static TokenText of(Tokenizer tokenizer, int token) {
        byte[] raw = token < tokenizer.vocabSize() ? tokenizer.tokenBytes(token) : new byte[0];
        List<Integer> bytes = new ArrayList<>(raw.length);
        StringBuilder escaped = new StringBuilder();
        for (byte b : raw) {
            bytes.add(b & 0xff);
            escaped.append(String.format("\\x%02x", b));
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(raw))
                    .toString();
            return new TokenText(text, true, bytes);
        } catch (CharacterCodingException e) {
            return new TokenText(escaped.toString(), false, bytes);
        }
    }
}
