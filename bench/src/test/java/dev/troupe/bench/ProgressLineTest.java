package dev.troupe.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private final StringWriter out = new StringWriter();

    @Test
    void terminalSeesOneLineThatChanges() {
        ProgressLine line = new ProgressLine(new PrintWriter(out), true);

        line.show("one");
        line.show("two");
        line.clear();

        assertThat(out.toString())
                .contains("\r\u001b[Kone", "two")
                .doesNotContain("\n")
                .endsWith("\u001b[K");
    }

    @Test
    void fileSeesNothing() {
        ProgressLine line = new ProgressLine(new PrintWriter(out), false);

        line.show("one");
        line.clear();

        assertThat(out.toString()).isEmpty();
    }
}
