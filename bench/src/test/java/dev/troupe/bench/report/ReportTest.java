package dev.troupe.bench.report;

import static dev.troupe.bench.report.Runs.BOUNDS;
import static dev.troupe.bench.report.Runs.exchange;
import static dev.troupe.bench.report.Runs.failed;
import static dev.troupe.bench.report.Runs.run;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.troupe.bench.load.Load;
import dev.troupe.bench.report.Report.Level;
import dev.troupe.bench.report.Report.Server;
import dev.troupe.bench.report.Report.Setting;
import java.io.IOException;
import java.io.StringReader;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class ReportTest {
    private static final Summary QUICK = Summary.of(List.of(run(1, exchange(0.1, 0.01), exchange(0.2, 0.01))), BOUNDS);
    private static final Summary SLOW =
            Summary.of(List.of(run(2, exchange(0.4, 0.02), exchange(0.4, 0.02), failed("<full> & \"bad\""))), BOUNDS);

    private static final Report COMPARISON = comparison(
            1,
            new Level(new Load.Streams(1), List.of(QUICK, SLOW)),
            new Level(new Load.Streams(32), List.of(SLOW, QUICK)));

    private static Report comparison(int rounds, Level... levels) {
        return new Report(
                new Setting(
                        Instant.EPOCH,
                        "prompts of about 100 tokens, 11 tokens out",
                        42,
                        rounds,
                        BOUNDS,
                        List.of(
                                new Server("ours", "http://one", "<b>", OptionalDouble.of(0.75)),
                                new Server("theirs", "http://two", "m", OptionalDouble.empty())),
                        List.of("a note")),
                List.of(levels));
    }

    @Test
    void tableShowsBothServersAndTheirRatio() {
        String text = TextReport.of(COMPARISON);

        assertThat(text)
                .contains("http://one, model <b>", "seed 42", "note: a note", "1 stream", "32 streams", "ours/theirs")
                .contains("first sight of the shared prefix: TTFT 750 ms")
                .contains("failed, 1 stream, theirs: 1 × <full> & \"bad\"");
        assertThat(row(text, "tokens/s out")).containsExactly("22", "11", "2.00×", "11", "22", "0.50×");
        assertThat(row(text, "TTFT ms p50")).containsExactly("150", "400", "0.38×", "400", "150", "2.67×");
        assertThat(row(text, "requests failed")).containsExactly("0", "1", "1", "0");
        assertThat(text.lines()).allMatch(line -> line.length() <= 80);
    }

    @Test
    void loadsThatDoNotFitBesideEachOtherFollowBelow() {
        Level[] levels = IntStream.of(1, 2, 4, 8, 16)
                .mapToObj(streams -> new Level(new Load.Streams(streams), List.of(QUICK, SLOW)))
                .toArray(Level[]::new);

        String text = TextReport.of(comparison(1, levels));

        assertThat(text.lines()).allMatch(line -> line.length() <= 80);
        assertThat(text.lines()
                        .filter(line -> line.startsWith(" "))
                        .flatMap(line ->
                                Pattern.compile("\\d+ streams?").matcher(line).results())
                        .map(MatchResult::group))
                .containsExactly("1 stream", "2 streams", "4 streams", "8 streams", "16 streams");
        assertThat(row(text, "tokens/s out")).containsExactly("22", "11", "2.00×", "22", "11", "2.00×");
    }

    @Test
    void roundsAreToldOneByOne() {
        Summary steady = Summary.of(List.of(run(1, exchange(0.1, 0.01)), run(2, exchange(0.1, 0.01))), BOUNDS);
        Report report = comparison(2, new Level(new Load.Streams(8), List.of(steady, steady)));

        assertThat(TextReport.of(report)).contains("8 streams, theirs: 11, 5.50");
        assertThat(HtmlReport.of(report))
                .contains("<th>round 2</th>", "<th>8 streams, theirs</th><td>11</td><td>5.50</td>");
        assertThat(HtmlReport.of(COMPARISON)).doesNotContain("round by round");
    }

    @Test
    void barsOfManyLoadsKeepTheirTextsApart() {
        List<String> labels =
                IntStream.range(0, 12).mapToObj(i -> i + " streams").toList();
        double[] values = IntStream.range(0, 12).mapToDouble(i -> 1e6 * i).toArray();
        values[3] = Double.NaN;

        String bars = Bars.of("bars", labels, new double[][] {values, values});

        List<Double> rows = Pattern.compile("<text class=\"value\" x=\"[^\"]*\" y=\"([^\"]*)\"")
                .matcher(bars)
                .results()
                .map(match -> Double.valueOf(match.group(1)))
                .toList();
        assertThat(rows).hasSize(24);
        for (int i = 1; i < rows.size(); i++) {
            assertThat(rows.get(i) - rows.get(i - 1)).isGreaterThan(11);
        }
        assertThat(bars).contains(">–<").doesNotContain("NaN");
    }

    @Test
    void jsonHasFiguresAndRatios() throws IOException {
        JsonNode root = new ObjectMapper().readTree(JsonReport.of(COMPARISON));

        assertThat(root.path("seed").asLong()).isEqualTo(42);
        assertThat(root.path("servers")
                        .path(0)
                        .path("first_sight_of_prefix_ttft_ms")
                        .asDouble())
                .isEqualTo(750);
        JsonNode load = root.path("loads").path(0);
        assertThat(load.path("streams").asInt()).isEqualTo(1);
        assertThat(load.path("servers").path(0).path("tokens_per_second").asDouble())
                .isEqualTo(22);
        assertThat(load.path("servers")
                        .path(1)
                        .path("errors")
                        .path(0)
                        .path("count")
                        .asInt())
                .isEqualTo(1);
        assertThat(load.path("ratio").path("tokens_per_second").asDouble()).isEqualTo(2);
    }

    @Test
    void pageIsWellFormedAndNeedsNothingFromElsewhere() throws Exception {
        String page = HtmlReport.of(COMPARISON);

        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(
                        new StringReader(page.replace("<!doctype html>", "").replaceAll("<meta[^>]*>", ""))));
        assertThat(document.getElementsByTagName("svg").getLength()).isEqualTo(4 + 2 * 3);
        assertThat(document.getElementsByTagName("polyline").getLength()).isEqualTo(2 * 3 * 2);
        assertThat(document.getDocumentElement().getTextContent())
                .contains("model <b>", "1 × <full> & \"bad\"", "2.00×", "first sight", "a note", "ratio: ours/theirs")
                .doesNotContain("{{", "NaN", "Infinity");
        for (String outside : List.of("src=", "href=", "url(", "@import", "<script", "<link")) {
            assertThat(page).doesNotContain(outside);
        }
    }

    @Test
    void pageOfARunThatFailedIsStillAPage() {
        Summary nothing = Summary.of(List.of(run(1, failed("full"))), BOUNDS);
        Report report = new Report(
                new Setting(
                        Instant.EPOCH,
                        "x",
                        1,
                        1,
                        BOUNDS,
                        List.of(new Server("A", "http://one", "m", OptionalDouble.empty())),
                        List.of()),
                List.of(new Level(new Load.Arrivals(2.5), List.of(nothing))));

        assertThat(report.isAllFailed()).isTrue();
        assertThat(HtmlReport.of(report)).contains("2.5 requests/s", "1 × full").doesNotContain("NaN", "Infinity");
        assertThat(TextReport.of(report)).contains("–").doesNotContain("NaN", "Infinity");
        assertThat(JsonReport.of(report)).doesNotContain("NaN", "Infinity");
    }

    @Test
    void scaleEndsJustAboveTheLargest() {
        assertThat(Spread.niceTop(0)).isEqualTo(1);
        assertThat(Spread.niceTop(391)).isEqualTo(400);
        assertThat(Spread.niceTop(0.0107)).isEqualTo(0.012);
        assertThat(Spread.niceTop(1000)).isEqualTo(1000);
        assertThat(Spread.niceTop(8100)).isEqualTo(10_000);
    }

    private static List<String> row(String text, String label) {
        String line = text.lines().filter(l -> l.startsWith(label)).findFirst().orElseThrow();
        return List.of(line.substring(label.length()).strip().split(" +", -1));
    }
}
