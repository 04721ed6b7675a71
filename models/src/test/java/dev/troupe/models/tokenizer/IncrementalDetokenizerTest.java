package dev.troupe.models.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IncrementalDetokenizerTest {
    @TempDir
    Path directory;

    private Tokenizer tokenizer;
    private IncrementalDetokenizer stream;

    @BeforeEach
    void make() throws IOException {
        tokenizer = TinyText.tokenizer(directory, TinyText.byteLevel());
        stream = new IncrementalDetokenizer(tokenizer);
    }

    @Test
    void characterComesWholeWithItsLastByte() {
        byte[] bytes = "🙂".getBytes(StandardCharsets.UTF_8);

        for (int i = 0; i < 3; i++) {
            assertThat(stream.accept(bytes[i] & 0xFF)).isEmpty();
        }
        assertThat(stream.accept(bytes[3] & 0xFF)).isEqualTo("🙂");
        assertThat(stream.finish()).isEmpty();
    }

    @Test
    void specialTokenGivesNoTextAndDoesNotBreakACharacter() {
        assertThat(stream.accept(0xC3)).isEmpty();
        assertThat(stream.accept(TinyText.IM_START)).isEmpty();
        assertThat(stream.accept(0xA9)).isEqualTo("é");
        assertThat(stream.accept(TinyText.TOOL)).isEqualTo("<tool>");
    }

    @Test
    void unfinishedCharacterIsReplacedOnceAtTheEnd() {
        stream.accept(0xF0);
        stream.accept(0x9F);
        stream.accept(0x99);

        assertThat(stream.finish()).isEqualTo("\uFFFD");
        assertThat(stream.accept('a')).isEqualTo("a");
    }

    @Test
    void invalidByteIsReplacedAsSoonAsItIsKnownToBe() {
        assertThat(stream.accept(0xE2)).isEmpty();
        assertThat(stream.accept('a')).isEqualTo("\uFFFDa");
        assertThat(stream.accept(0xFF)).isEqualTo("\uFFFD");
    }

    /** Expected by {@code bytes.decode("utf-8", errors="replace")} of Python 3. */
    @Test
    void replacesAsPythonDoes() {
        assertThat(all(0xED, 0xA0, 0x80)).isEqualTo("\uFFFD\uFFFD\uFFFD");
        assertThat(all(0xF0, 0x80, 0x80, 'x')).isEqualTo("\uFFFD\uFFFD\uFFFDx");
        assertThat(all(0xE2, 0x82, 0xE2, 0x82, 0xAC)).isEqualTo("\uFFFD€");
        assertThat(all(0xF4, 0x90, 0x80, 0x80)).isEqualTo("\uFFFD\uFFFD\uFFFD\uFFFD");
        assertThat(all(0xC0, 0xAF)).isEqualTo("\uFFFD\uFFFD");
    }

    @Test
    void validTextComesBackWhateverIsBetweenItsTokens() {
        var random = new Random(7);
        for (int round = 0; round < 2000; round++) {
            String text = random.ints(random.nextInt(8), 0, 0x110000)
                    .filter(point -> point < 0xD800 || point > 0xDFFF)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();

            assertThat(all(tokenizer.encode(text, false))).isEqualTo(text);
        }
    }

    @Test
    void anyBytesGiveWellFormedText() {
        var random = new Random(7);
        for (int round = 0; round < 2000; round++) {
            String text = all(random.ints(random.nextInt(12), 0, 256).toArray());

            assertThat(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                    .isEqualTo(text);
        }
    }

    private String all(int... ids) {
        var text = new StringBuilder();
        for (int id : ids) {
            text.append(stream.accept(id));
        }
        return text.append(stream.finish()).toString();
    }
}
