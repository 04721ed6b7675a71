package dev.troupe.bench.report;

import dev.troupe.bench.report.Report.Level;
import dev.troupe.bench.report.Report.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The report for a terminal: figures down, loads across; where two servers are compared, both and their ratio for each load. What does not fit
 * beside each other follows below.
 */
public final class TextReport {
    private static final int SCREEN = 80;
    private static final String GAP = "  ";

    private final Report report;
    private final StringBuilder out = new StringBuilder();

    private TextReport(Report report) {
        this.report = report;
    }

    /** @return lines, each with its end */
    public static String of(Report report) {
        TextReport text = new TextReport(report);
        text.setting();
        text.tables();
        text.rounds();
        text.errors();
        return text.out.toString();
    }

    private void setting() {
        for (Server server : report.setting().servers()) {
            line((report.isComparison() ? server.name() + "  " : "") + server.url() + ", model " + server.model());
            server.firstSight()
                    .ifPresent(seconds ->
                            line("   first sight of the shared prefix: TTFT " + Figure.number(1000 * seconds) + " ms"));
        }
        line(report.setting().work());
        line((report.setting().rounds() > 1 ? report.setting().rounds() + " rounds; " : "") + "seed "
                + report.setting().seed());
        Bounds bounds = report.setting().bounds();
        line("good: TTFT within " + Figure.number(1000 * bounds.firstToken()) + " ms and "
                + Figure.number(1000 * bounds.perToken()) + " ms per token");
        report.setting().notes().forEach(note -> line("note: " + note));
        line("");
    }

    private void tables() {
        List<String> labels = labels();
        List<String> table = labels;
        for (Level level : report.levels()) {
            List<String> block = report.isComparison()
                    ? comparison(level)
                    : column(
                            level.load().label(),
                            figure -> figure.text(level.servers().get(0)));
            List<String> wider = beside(table, block);
            if (width(wider) > SCREEN && table != labels) {
                show(table);
                wider = beside(labels, block);
            }
            table = wider;
        }
        show(table);
        if (report.isComparison()) {
            line(report.ratioMeaning());
            line("");
        }
    }

    private List<String> labels() {
        List<String> labels = new ArrayList<>(report.isComparison() ? List.of("", "") : List.of(""));
        Figure.all().forEach(figure -> labels.add(figure.label()));
        int width = width(labels);
        return labels.stream()
                .map(label -> label + spaces(width - label.length()))
                .toList();
    }

    /** Both servers and their ratio, and above them under which load. */
    private List<String> comparison(Level level) {
        List<Server> servers = report.setting().servers();
        Summary ours = level.servers().get(0);
        Summary theirs = level.servers().get(1);
        List<String> block = beside(
                beside(
                        column(servers.get(0).name(), figure -> figure.text(ours)),
                        column(servers.get(1).name(), figure -> figure.text(theirs))),
                column("ratio", figure -> figure.ratio(ours, theirs)));
        return flushRight(
                Stream.concat(Stream.of(level.load().label()), block.stream()).toList());
    }

    private static List<String> column(String head, Function<Figure, String> cell) {
        return flushRight(
                Stream.concat(Stream.of(head), Figure.all().stream().map(cell)).toList());
    }

    private static List<String> flushRight(List<String> lines) {
        int width = width(lines);
        return lines.stream().map(line -> spaces(width - line.length()) + line).toList();
    }

    private static List<String> beside(List<String> left, List<String> right) {
        return IntStream.range(0, left.size())
                .mapToObj(i -> left.get(i) + GAP + right.get(i))
                .toList();
    }

    private static int width(List<String> lines) {
        return lines.stream().mapToInt(String::length).max().orElse(0);
    }

    private static String spaces(int count) {
        return " ".repeat(count);
    }

    private void show(List<String> table) {
        table.forEach(this::line);
        line("");
    }

    private void rounds() {
        if (report.setting().rounds() == 1) {
            return;
        }
        line("tokens/s out, round by round:");
        each((where, summary) -> line("  " + where + ": "
                + summary.tokensPerSecondByRound().stream().map(Figure::number).collect(Collectors.joining(", "))));
    }

    private void errors() {
        each((where, summary) ->
                summary.errors().forEach((error, count) -> line("failed, " + where + ": " + count + " × " + error)));
    }

    private void each(BiConsumer<String, Summary> action) {
        for (Level level : report.levels()) {
            for (int i = 0; i < level.servers().size(); i++) {
                action.accept(report.where(level, i), level.servers().get(i));
            }
        }
    }

    private void line(String text) {
        out.append(text.stripTrailing()).append(System.lineSeparator());
    }
}
