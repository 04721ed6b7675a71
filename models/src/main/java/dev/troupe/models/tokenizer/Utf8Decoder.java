package dev.troupe.models.tokenizer;

/**
 * UTF-8 to text, byte by byte, with U+FFFD for each longest wrong beginning of a character, as Unicode recommends and
 * Python does. (Java's own decoder gives one for a whole encoded surrogate, where Python gives three.)
 *
 * @see <a href="https://encoding.spec.whatwg.org/#utf-8-decoder">The algorithm</a>
 */
final class Utf8Decoder {
    private static final char REPLACEMENT = '\uFFFD';

    private int point;
    private int needed; // bytes that the character still lacks
    private int lower = 0x80; // bounds of its next byte
    private int upper = 0xBF;

    /** Takes the bytes from {@code from} to before {@code to}. */
    void decode(byte[] bytes, int from, int to, StringBuilder out) {
        for (int i = from; i < to; i++) {
            decode(bytes[i] & 0xFF, out);
        }
    }

    private void decode(int b, StringBuilder out) {
        if (needed == 0) {
            start(b, out);
        } else if (b < lower || b > upper) {
            finish(out);
            start(b, out);
        } else {
            lower = 0x80;
            upper = 0xBF;
            point = (point << 6) | (b & 0x3F);
            if (--needed == 0) {
                out.appendCodePoint(point);
            }
        }
    }

    private void start(int b, StringBuilder out) {
        if (b < 0x80) {
            out.append((char) b);
        } else if (b >= 0xC2 && b <= 0xDF) {
            expect(1, b & 0x1F);
        } else if (b >= 0xE0 && b <= 0xEF) {
            expect(2, b & 0x0F);
            lower = b == 0xE0 ? 0xA0 : 0x80; // not what fits in two bytes
            upper = b == 0xED ? 0x9F : 0xBF; // no surrogates
        } else if (b >= 0xF0 && b <= 0xF4) {
            expect(3, b & 0x07);
            lower = b == 0xF0 ? 0x90 : 0x80; // not what fits in three bytes
            upper = b == 0xF4 ? 0x8F : 0xBF; // nothing above U+10FFFF
        } else {
            out.append(REPLACEMENT);
        }
    }

    private void expect(int bytes, int bits) {
        needed = bytes;
        point = bits;
    }

    /** What is left of an unfinished character at the end; the decoder is as new afterwards. */
    void finish(StringBuilder out) {
        if (needed > 0) {
            out.append(REPLACEMENT);
        }
        needed = 0;
        lower = 0x80;
        upper = 0xBF;
    }
}
