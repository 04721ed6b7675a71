package dev.troupe.bench.report;

import dev.troupe.bench.load.Samples;
import java.util.List;
import java.util.Locale;

/** Two plain plots as SVG: bars by group, and how values are spread. Colours come from the page: {@code bar0}, {@code line1}, … by series. */
final class Svg {
    private static final int WIDTH = 380;
    private static final int HEIGHT = 220;
    private static final int LEFT = 52;
    private static final int RIGHT = 14;
    private static final int TOP = 16;
    private static final int BOTTOM = 30;
    private static final int TICKS = 4;
    private static final int POINTS = 200;

    private final StringBuilder out = new StringBuilder();
    private final double top;

    private Svg(double largest, String description) {
        this.top = niceTop(largest);
        add("<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">", WIDTH, HEIGHT, Html.escaped(description));
    }

    /**
     * Bars, a group for each label and a bar in it for each series.
     *
     * @param values [series][label]
     */
    static String bars(String description, List<String> labels, double[][] values) {
        double largest = 0;
        for (double[] series : values) {
            for (double value : series) {
                largest = Double.isFinite(value) ? Math.max(largest, value) : largest;
            }
        }
        Svg svg = new Svg(largest, description);
        svg.rulers();
        double group = (double) (WIDTH - LEFT - RIGHT) / labels.size();
        double bar = Math.min(48, group * 0.7 / values.length);
        for (int i = 0; i < labels.size(); i++) {
            double middle = LEFT + group * (i + 0.5);
            svg.text(middle, HEIGHT - 10, "middle", "", labels.get(i));
            for (int s = 0; s < values.length; s++) {
                if (Double.isFinite(values[s][i])) {
                    svg.bar(middle + (s - values.length / 2.0) * bar, bar, s, values[s][i]);
                }
            }
        }
        return svg.end();
    }

    /**
     * Which part of all values is at most so large: x is the part in percent, y the value, so that the median stands in the middle and the
     * slow ones at the right.
     */
    static String spread(String description, List<Samples> series) {
        double largest = series.stream()
                .filter(s -> !s.isEmpty())
                .mapToDouble(s -> s.percentile(100))
                .max()
                .orElse(0);
        Svg svg = new Svg(largest, description);
        svg.rulers();
        for (int percent : new int[] {0, 50, 90, 99}) {
            double x = svg.x(percent);
            if (percent > 0) {
                svg.add(
                        "<line class=\"mark\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>",
                        x, x, TOP, HEIGHT - BOTTOM);
            }
            svg.text(x, HEIGHT - 10, "middle", "", percent == 0 ? "0" : "p" + percent);
        }
        for (int s = 0; s < series.size(); s++) {
            svg.line(series.get(s), s);
        }
        return svg.end();
    }

    private void line(Samples samples, int series) {
        if (samples.isEmpty()) {
            return;
        }
        add("<polyline class=\"line%d\" points=\"", series);
        for (int i = 0; i <= POINTS; i++) {
            double percent = 100.0 * i / POINTS;
            add("%.1f,%.1f ", x(percent), y(samples.percentile(percent)));
        }
        add("\"/>");
    }

    private void bar(double x, double width, int series, double value) {
        add(
                "<rect class=\"bar%d\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"3\"/>",
                series, x + 1, y(value), width - 2, HEIGHT - BOTTOM - y(value));
        text(x + width / 2, y(value) - 4, "middle", "value", Figure.number(value));
    }

    private void rulers() {
        for (int i = 0; i <= TICKS; i++) {
            double value = top * i / TICKS;
            add(
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
                    LEFT, WIDTH - RIGHT, y(value), y(value));
            text(LEFT - 7, y(value) + 4, "end", "", Figure.number(value));
        }
    }

    private double x(double percent) {
        return LEFT + (WIDTH - LEFT - RIGHT) * percent / 100;
    }

    private double y(double value) {
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / top;
    }

    /** @return the next larger value whose quarters are short numbers */
    static double niceTop(double largest) {
        if (!(largest > 0)) {
            return 1;
        }
        double unit = Math.pow(10, Math.floor(Math.log10(largest)));
        for (double step : new double[] {1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8}) {
            if (step * unit >= largest) {
                return step * unit;
            }
        }
        return 10 * unit;
    }

    private void text(double x, double y, String anchor, String style, String text) {
        add(
                "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
                style, x, y, anchor, Html.escaped(text));
    }

    private String end() {
        return out.append("</svg>").toString();
    }

    private void add(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values));
    }
}
