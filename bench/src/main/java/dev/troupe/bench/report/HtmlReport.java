package dev.troupe.bench.report;

import static dev.troupe.bench.report.Html.escaped;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.troupe.bench.load.Samples;
import dev.troupe.bench.report.Report.Level;
import dev.troupe.bench.report.Report.Server;
import dev.troupe.bench.report.Report.Setting;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The report as one page that needs nothing else: no script, no font, no picture from anywhere. */
public final class HtmlReport {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final Report report;
    private final StringBuilder out = new StringBuilder();

    private HtmlReport(Report report) {
        this.report = report;
    }

    public static String of(Report report) {
        HtmlReport page = new HtmlReport(report);
        page.setting(report.setting());
        page.overview();
        report.levels().forEach(page::level);
        page.out.append(HtmlTables.of(report));
        page.errors();
        return template().replace("{{title}}", escaped(page.title())).replace("{{body}}", page.out);
    }

    private String title() {
        List<String> names = servers().stream().map(Server::name).toList();
        return report.isComparison()
                ? names.get(0) + " and " + names.get(1) + ", measured in turn"
                : "How fast it answers";
    }

    private List<Server> servers() {
        return report.setting().servers();
    }

    private void setting(Setting setting) {
        out.append("<h1>").append(escaped(title())).append("</h1>\n<div class=\"servers\">");
        for (int i = 0; i < servers().size(); i++) {
            Server server = servers().get(i);
            out.append("<div>");
            key(i);
            if (report.isComparison()) {
                out.append("<b>").append(escaped(server.name())).append("</b> ");
            }
            out.append(escaped(server.url() + ", model " + server.model())).append("</div>");
        }
        out.append("</div>\n");
        paragraph(TIME.format(setting.started()) + " · " + setting.work()
                + (setting.rounds() > 1 ? " · " + setting.rounds() + " rounds" : "") + " · seed " + setting.seed());
        paragraph("A good request has its first token within "
                + Figure.number(1000 * setting.bounds().firstToken()) + " ms and takes at most "
                + Figure.number(1000 * setting.bounds().perToken()) + " ms per token.");
        for (Server server : servers()) {
            server.firstSight()
                    .ifPresent(seconds -> paragraph((report.isComparison() ? server.name() + ": " : "")
                            + "first sight of the shared prefix: TTFT " + Figure.number(1000 * seconds) + " ms"));
        }
        setting.notes().forEach(note -> paragraph("Note: " + note));
    }

    private void paragraph(String text) {
        out.append("<p>").append(escaped(text)).append("</p>\n");
    }

    /** With the colours named again, as the page's beginning is out of sight by then. */
    private void heading(String text) {
        out.append("<h2>").append(escaped(text));
        for (int i = 0; report.isComparison() && i < servers().size(); i++) {
            out.append("<small>");
            key(i);
            out.append(escaped(servers().get(i).name())).append("</small>");
        }
        out.append("</h2>\n");
    }

    private void key(int server) {
        out.append("<span class=\"key key").append(server).append("\"></span>");
    }

    private void overview() {
        heading("At a glance");
        out.append("<div class=\"row wide\">\n");
        glance("Tokens out", "tokens/s; more is better", Summary::tokensPerSecond);
        glance(
                "Time to first token",
                "ms, median; less is better",
                summary -> 1000 * summary.firstToken().percentile(50));
        glance(
                "Between tokens",
                "ms, median; less is better",
                summary -> 1000 * summary.gaps().percentile(50));
        glance("Prompts", "tokens/s, cached ones included; more is better", Summary::promptTokensPerSecond);
        out.append("</div>\n");
    }

    private void glance(String title, String unit, ToDoubleFunction<Summary> figure) {
        double[][] values = IntStream.range(0, servers().size())
                .mapToObj(server -> report.levels().stream()
                        .mapToDouble(
                                level -> figure.applyAsDouble(level.servers().get(server)))
                        .toArray())
                .toArray(double[][]::new);
        if (Arrays.stream(values).flatMapToDouble(Arrays::stream).anyMatch(Double::isFinite)) {
            List<String> labels =
                    report.levels().stream().map(level -> level.load().label()).toList();
            card(title, unit, Bars.of(title + ", " + unit, labels, values));
        }
    }

    private void level(Level level) {
        heading(level.load().label());
        out.append("<div class=\"row\">\n");
        spread(level, "Time to first token", Summary::firstToken);
        spread(level, "Between tokens", Summary::gaps);
        spread(level, "End to end", Summary::endToEnd);
        out.append("</div>\n");
    }

    private void spread(Level level, String title, Function<Summary, Samples> samples) {
        List<Samples> millis = level.servers().stream()
                .map(samples)
                .map(seconds -> seconds.scaled(1000))
                .toList();
        if (millis.stream().anyMatch(values -> values.count() > 1)) {
            card(
                    title,
                    "ms, from the quickest to p99",
                    Spread.of(title + ", " + level.load().label(), millis));
        }
    }

    private void card(String title, String unit, String plot) {
        out.append("<div class=\"card\"><h3>")
                .append(escaped(title))
                .append("</h3><p>")
                .append(escaped(unit))
                .append("</p>")
                .append(plot)
                .append("</div>\n");
    }

    private void errors() {
        StringBuilder list = new StringBuilder();
        for (Level level : report.levels()) {
            for (int i = 0; i < level.servers().size(); i++) {
                String where = report.where(level, i);
                level.servers().get(i).errors().forEach((error, count) -> list.append("<li>")
                        .append(escaped(where + ": " + count + " × " + error))
                        .append("</li>\n"));
            }
        }
        if (list.length() > 0) {
            out.append("<h2>Failed requests</h2>\n<ul>\n").append(list).append("</ul>\n");
        }
    }

    private static String template() {
        try (InputStream in = HtmlReport.class.getResourceAsStream("report.html")) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
