package dev.troupe.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code troupe bench} against {@code troupe serve} with the default model. */
class BenchTest {
    @TempDir
    private Path folder;

    @Test
    void realServerIsMeasured() throws Exception {
        Path json = folder.resolve("figures.json");
        Path html = folder.resolve("report.html");
        StringWriter out = new StringWriter();
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(out, true));

        int code = line.execute(
                "bench",
                "--url",
                SharedServer.url().toString(),
                "--concurrency",
                "2",
                "--requests",
                "4",
                "--prompt-tokens",
                "100",
                "--output-tokens",
                "8",
                "--json",
                json.toString(),
                "--html",
                html.toString());

        assertThat(code).as(out.toString()).isZero();
        JsonNode figures = TroupeProcess.json(Files.readString(json))
                .path("loads")
                .path(0)
                .path("servers")
                .path(0);
        assertThat(figures.path("failed").asInt()).isZero();
        assertThat(figures.path("output_tokens").asInt()).isEqualTo(4 * 8);
        assertThat(figures.path("prompt_tokens").asInt() / 4).isBetween(90, 110);
        assertThat(figures.path("ttft_ms").path("p50").asDouble()).isPositive();
        assertThat(Files.readString(html)).contains("<svg", TroupeProcess.MODEL);
    }

    @Test
    void unknownModelIsOneLine() {
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine();
        line.setErr(new PrintWriter(err, true));

        assertThat(line.execute("bench", "--url", SharedServer.url().toString(), "--model", "nobody"))
                .isEqualTo(1);

        assertThat(err.toString().lines()).singleElement().asString().contains("404", "nobody");
    }
}
