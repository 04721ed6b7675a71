package dev.troupe.bench.report;

import static dev.troupe.bench.report.Html.escaped;

import dev.troupe.bench.report.Report.Level;

/** The figures of the page, each table under its heading. */
final class HtmlTables {
    private final Report report;
    private final StringBuilder out = new StringBuilder();

    private HtmlTables(Report report) {
        this.report = report;
    }

    static String of(Report report) {
        HtmlTables tables = new HtmlTables(report);
        tables.figures();
        tables.rounds();
        return tables.out.toString();
    }

    private void figures() {
        out.append("<h2>All figures</h2>\n");
        if (report.isComparison()) {
            out.append("<p>").append(escaped(report.ratioMeaning())).append("</p>\n");
        }
        out.append("<div class=\"card scroll\"><table>\n<thead><tr><th></th>");
        int columns = report.isComparison() ? 3 : 1;
        for (Level level : report.levels()) {
            out.append("<th class=\"first load\" colspan=\"").append(columns).append("\">");
            out.append(escaped(level.load().label())).append("</th>");
        }
        out.append("</tr>");
        if (report.isComparison()) {
            out.append("<tr><th></th>");
            for (int i = 0; i < report.levels().size(); i++) {
                out.append("<th class=\"first\">").append(name(0));
                out.append("</th><th>").append(name(1)).append("</th><th>ratio</th>");
            }
            out.append("</tr>");
        }
        out.append("</thead>\n<tbody>\n");
        Figure.all().forEach(this::row);
        out.append("</tbody></table></div>\n");
    }

    private String name(int server) {
        return escaped(report.setting().servers().get(server).name());
    }

    private void row(Figure figure) {
        out.append("<tr><th>").append(escaped(figure.label())).append("</th>");
        for (Level level : report.levels()) {
            String style = " class=\"first\"";
            for (Summary summary : level.servers()) {
                out.append("<td")
                        .append(style)
                        .append(">")
                        .append(figure.text(summary))
                        .append("</td>");
                style = "";
            }
            if (report.isComparison()) {
                out.append("<td class=\"ratio\">")
                        .append(figure.ratio(
                                level.servers().get(0), level.servers().get(1)))
                        .append("</td>");
            }
        }
        out.append("</tr>\n");
    }

    private void rounds() {
        if (report.setting().rounds() == 1) {
            return;
        }
        out.append(
                "<h2>Tokens out, round by round</h2>\n<div class=\"card scroll\"><table>\n<thead><tr><th>tokens/s</th>");
        for (int round = 1; round <= report.setting().rounds(); round++) {
            out.append("<th>round ").append(round).append("</th>");
        }
        out.append("</tr></thead>\n<tbody>\n");
        for (Level level : report.levels()) {
            for (int i = 0; i < level.servers().size(); i++) {
                out.append("<tr><th>").append(escaped(report.where(level, i))).append("</th>");
                for (double round : level.servers().get(i).tokensPerSecondByRound()) {
                    out.append("<td>").append(Figure.number(round)).append("</td>");
                }
                out.append("</tr>\n");
            }
        }
        out.append("</tbody></table></div>\n");
    }
}
