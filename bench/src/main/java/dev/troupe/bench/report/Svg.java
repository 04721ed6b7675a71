package dev.troupe.bench.report;

import java.util.Locale;

/** A picture under way. Its colours and type come from the page, by class name. */
final class Svg {
    private final StringBuilder out = new StringBuilder();

    /** @param description for those who cannot see it */
    Svg(int width, int height, String description) {
        add("<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">", width, height, Html.escaped(description));
    }

    void add(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values));
    }

    /** @param anchor which part of the text stands at x: start, middle or end */
    void text(double x, double y, String anchor, String style, String text) {
        add(
                "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
                style, x, y, anchor, Html.escaped(text));
    }

    void line(String style, double x1, double y1, double x2, double y2) {
        add("<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>", style, x1, y1, x2, y2);
    }

    String end() {
        return out.append("</svg>").toString();
    }
}
