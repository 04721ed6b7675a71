package dev.troupe.bench.report;

import dev.troupe.bench.load.Samples;
import java.util.List;

/**
 * How values are spread: x is the part of all values in percent, y what they are at most, so that the median stands in the middle and the slow
 * ones at the right. It ends at p99, for one value that took ten times as long would press all others flat.
 */
final class Spread {
    private static final int WIDTH = 320;
    private static final int HEIGHT = 190;
    private static final int LEFT = 46;
    private static final int RIGHT = 14;
    private static final int TOP = 8;
    private static final int BOTTOM = 24;
    private static final int TICKS = 4;
    private static final int LAST = 99;

    private final Svg svg;
    private final double top;

    private Spread(double largest, String description) {
        this.svg = new Svg(WIDTH, HEIGHT, description);
        this.top = niceTop(largest);
    }

    static String of(String description, List<Samples> series) {
        double largest = series.stream()
                .filter(samples -> !samples.isEmpty())
                .mapToDouble(samples -> samples.percentile(LAST))
                .max()
                .orElse(0);
        Spread spread = new Spread(largest, description);
        spread.values();
        spread.parts();
        for (int s = 0; s < series.size(); s++) {
            if (!series.get(s).isEmpty()) {
                spread.curve(series.get(s), s);
            }
        }
        return spread.svg.end();
    }

    private void values() {
        for (int i = 0; i <= TICKS; i++) {
            double value = top * i / TICKS;
            svg.line("grid", LEFT, y(value), WIDTH - RIGHT, y(value));
            svg.text(LEFT - 7, y(value) + 4, "end", "", Figure.number(value));
        }
    }

    private void parts() {
        svg.text(LEFT, HEIGHT - 7, "start", "", "quickest");
        for (int percent : new int[] {50, 90, LAST}) {
            svg.line("mark", x(percent), TOP, x(percent), y(0));
            // The last two are near each other.
            svg.text(
                    x(percent) + (percent == 90 ? 4 : 0),
                    HEIGHT - 7,
                    percent == 90 ? "end" : "middle",
                    "",
                    "p" + percent);
        }
    }

    private void curve(Samples samples, int series) {
        svg.add("<polyline class=\"line%d\" points=\"", series);
        for (double percent = 0; percent <= LAST; percent += 0.5) {
            svg.add("%.1f,%.1f ", x(percent), y(samples.percentile(percent)));
        }
        svg.add("\"/>");
    }

    private double x(double percent) {
        return LEFT + (WIDTH - LEFT - RIGHT) * percent / LAST;
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
}
