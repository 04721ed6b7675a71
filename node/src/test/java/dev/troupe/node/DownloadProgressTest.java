package dev.troupe.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class DownloadProgressTest {
    private static final long MB = 1 << 20;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void terminalGetsOneMovingBar() {
        download(true);

        String text = out.toString(UTF_8);
        assertThat(text).endsWith(System.lineSeparator()).contains("100% (100 MB of 100 MB)", "[###............");
        assertThat(text).containsOnlyOnce("\n");
        assertThat(text.split("\r")).hasSize(102);
    }

    @Test
    void logGetsALineEveryTenth() {
        download(false);

        assertThat(out.toString(UTF_8).lines())
                .hasSize(11)
                .contains("downloading m: 50% (50 MB of 100 MB)")
                .noneMatch(line -> line.contains("\r"));
    }

    @Test
    void unknownTotalShowsWhatHasCome() {
        new DownloadProgress(new PrintStream(out, true, UTF_8), false).progress("m", 5 * MB, 0);

        assertThat(out.toString(UTF_8)).contains("5 MB").doesNotContain("of");
    }

    private void download(boolean terminal) {
        DownloadProgress progress = new DownloadProgress(new PrintStream(out, true, UTF_8), terminal);
        for (long done = 0; done <= 1000; done++) {
            progress.progress("m", done * MB / 10, 100 * MB);
        }
    }
}
