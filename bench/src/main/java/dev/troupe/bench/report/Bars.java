package dev.troupe.bench.report;

import java.util.Arrays;
import java.util.List;

/** Bars that lie, a group for each label and a bar in it for each series: however many there are, no two texts meet. */
final class Bars {
    private static final int WIDTH = 380;
    private static final int LEFT = 92;
    /** What the largest bar leaves for its figure. */
    private static final int RIGHT = 56;

    private static final int BAR = 17;
    private static final int GAP = 12;
    /** From the upper edge of a bar to the foot of a text in its middle. */
    private static final int FOOT = 12;

    private Bars() {}

    /** @param values [series][label]; a dash stands for what there is not */
    static String of(String description, List<String> labels, double[][] values) {
        double largest = Arrays.stream(values)
                .flatMapToDouble(Arrays::stream)
                .filter(Double::isFinite)
                .max()
                .orElse(0);
        double scale = largest > 0 ? (WIDTH - LEFT - RIGHT) / largest : 0;
        int group = values.length * BAR + GAP;
        int height = labels.size() * group;
        Svg svg = new Svg(WIDTH, height, description);
        for (int i = 0; i < labels.size(); i++) {
            double top = i * group + GAP / 2.0;
            svg.text(LEFT - 8, top + (values.length - 1) * BAR / 2.0 + FOOT, "end", "", labels.get(i));
            for (int s = 0; s < values.length; s++) {
                double length = Double.isFinite(values[s][i]) ? scale * values[s][i] : 0;
                double y = top + s * BAR;
                svg.add(
                        "<rect class=\"bar%d\" x=\"%d\" y=\"%.1f\" width=\"%.1f\" height=\"%d\"/>",
                        s, LEFT, y + 1, length, BAR - 2);
                svg.text(LEFT + length + 6, y + FOOT, "start", "value", Figure.number(values[s][i]));
            }
        }
        svg.line("axis", LEFT, 0, LEFT, height);
        return svg.end();
    }
}
