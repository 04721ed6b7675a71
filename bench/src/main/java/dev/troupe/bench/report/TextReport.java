package dev.troupe.bench.report;

import dev.troupe.bench.report.Report.Level;
import dev.troupe.bench.report.Report.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The report for a terminal: figures down, loads across; where two servers are compared, both and their ratio for each load. */
public final class TextReport {
    private static final int GAP = 3;
    private static final int COLUMN = 9;
    /** As many as a terminal of 120 columns shows beside each other when two servers are compared. */
    private static final int LOADS_ABREAST = 3;

    private final Report report;
    private final StringBuilder out = new StringBuilder();

    private TextReport(Report report) {
        this.report = report;
    }

    /** @return lines, each with its end */
    public static String of(Report report) {
        TextReport text = new TextReport(report);
        text.setting();
        List<Level> levels = report.levels();
        for (int from = 0; from < levels.size(); from += LOADS_ABREAST) {
            text.table(levels.subList(from, Math.min(levels.size(), from + LOADS_ABREAST)));
        }
        text.rounds();
        text.errors();
        return text.out.toString();
    }

    private boolean isComparison() {
        return report.setting().servers().size() > 1;
    }

    private void setting() {
        for (Server server : report.setting().servers()) {
            line((isComparison() ? server.name() + "  " : "") + server.url() + ", model " + server.model());
            server.firstSight()
                    .ifPresent(seconds ->
                            line("   first sight of the shared prefix: TTFT " + Figure.number(1000 * seconds) + " ms"));
        }
        line(report.setting().work() + "; seed " + report.setting().seed()
                + (report.setting().rounds() > 1 ? "; " + report.setting().rounds() + " rounds" : ""));
        Bounds bounds = report.setting().bounds();
        line("good: TTFT within " + Figure.number(1000 * bounds.firstToken()) + " ms and "
                + Figure.number(1000 * bounds.perToken()) + " ms per token");
        report.setting().notes().forEach(note -> line("note: " + note));
        line("");
    }

    private void table(List<Level> levels) {
        List<String> labels = Figure.all().stream().map(Figure::label).toList();
        int width = labels.stream().mapToInt(String::length).max().orElse(0);
        List<List<String>> groups = new ArrayList<>();
        for (Level level : levels) {
            groups.add(heads(level));
        }
        StringBuilder top = new StringBuilder(" ".repeat(width));
        StringBuilder heads = new StringBuilder(" ".repeat(width));
        for (int i = 0; i < levels.size(); i++) {
            int group = groups.get(i).size() * COLUMN;
            top.append(" ".repeat(GAP)).append(right(levels.get(i).load().label(), group));
            heads.append(" ".repeat(GAP));
            groups.get(i).forEach(head -> heads.append(right(head, COLUMN)));
        }
        line(top.toString());
        if (isComparison()) {
            line(heads.toString());
        }
        for (Figure figure : Figure.all()) {
            StringBuilder row = new StringBuilder(figure.label())
                    .append(" ".repeat(width - figure.label().length()));
            for (Level level : levels) {
                row.append(" ".repeat(GAP));
                cells(figure, level).forEach(cell -> row.append(right(cell, COLUMN)));
            }
            line(row.toString());
        }
        line("");
    }

    private List<String> heads(Level level) {
        List<String> heads = new ArrayList<>(
                report.setting().servers().stream().map(Server::name).toList());
        if (level.servers().size() == 2) {
            heads.add(heads.get(0) + "/" + heads.get(1));
        }
        return heads;
    }

    private static List<String> cells(Figure figure, Level level) {
        List<String> cells =
                new ArrayList<>(level.servers().stream().map(figure::text).toList());
        if (cells.size() == 2) {
            cells.add(figure.ratio(level.servers().get(0), level.servers().get(1)));
        }
        return cells;
    }

    private void rounds() {
        if (report.setting().rounds() == 1) {
            return;
        }
        line("tokens/s out, round by round:");
        each((level, server, summary) -> line("  " + level.load().label() + label(server) + ": "
                + summary.tokensPerSecondByRound().stream().map(Figure::number).collect(Collectors.joining(", "))));
    }

    private void errors() {
        each((level, server, summary) -> {
            for (Map.Entry<String, Long> error : summary.errors().entrySet()) {
                line("failed, " + level.load().label() + label(server) + ": " + error.getValue() + " × "
                        + error.getKey());
            }
        });
    }

    private String label(Server server) {
        return isComparison() ? ", " + server.name() : "";
    }

    @FunctionalInterface
    private interface Each {
        void accept(Level level, Server server, Summary summary);
    }

    private void each(Each action) {
        for (Level level : report.levels()) {
            for (int i = 0; i < level.servers().size(); i++) {
                action.accept(
                        level,
                        report.setting().servers().get(i),
                        level.servers().get(i));
            }
        }
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(1, width - text.length())) + text;
    }

    private void line(String text) {
        out.append(text.stripTrailing()).append(System.lineSeparator());
    }
}
