package dev.troupe.models.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** How the string of a token in a vocabulary stands for bytes. */
enum TokenBytes {
    /** Each byte is one printable character, after GPT-2's {@code bytes_to_unicode}. */
    BYTE_LEVEL {
        @Override
        byte[] of(String token) {
            var out = new ByteArrayOutputStream(token.length());
            for (int i = 0; i < token.length(); i++) {
                Integer value = BYTE_OF_CHAR.get(token.charAt(i));
                if (value == null) {
                    return utf8(token); // not written in the alphabet, so it stands for itself
                }
                out.write(value);
            }
            return out.toByteArray();
        }
    },
    /** SentencePiece: U+2581 is a space, and {@code <0x0A>} a single byte. */
    SENTENCE_PIECE {
        @Override
        byte[] of(String token) {
            if (token.length() == 6 && token.startsWith("<0x") && token.endsWith(">")) {
                try {
                    return new byte[] {(byte) Integer.parseInt(token.substring(3, 5), 16)};
                } catch (NumberFormatException e) {
                    return utf8(token);
                }
            }
            return utf8(token.replace(SPACE, ' '));
        }
    },
    /** WordPiece: a piece that goes on a word starts with {@code ##}. */
    WORD_PIECE {
        @Override
        byte[] of(String token) {
            return utf8(token.startsWith("##") ? token.substring(2) : " " + token);
        }
    };

    static final char SPACE = '\u2581';

    private static final Map<Character, Integer> BYTE_OF_CHAR = byteOfChar();

    abstract byte[] of(String token);

    static TokenBytes of(JsonNode decoder) {
        String types = decoder.findValuesAsText("type").toString();
        if (types.contains("ByteLevel")) {
            return BYTE_LEVEL;
        }
        return types.contains("WordPiece") ? WORD_PIECE : SENTENCE_PIECE;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A byte is written as itself when it is printable Latin-1, else as the next character from U+0100. */
    private static Map<Character, Integer> byteOfChar() {
        Map<Character, Integer> bytes = new HashMap<>();
        char next = 256;
        for (int b = 0; b < 256; b++) {
            boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
            bytes.put(printable ? (char) b : next++, b);
        }
        return Map.copyOf(bytes);
    }
}
