package dev.troupe.bench.report;

import dev.troupe.bench.load.Samples;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * One row of the table.
 *
 * @param value in the unit that the label names
 * @param isRatio whether a quotient of two servers says something
 */
record Figure(String label, ToDoubleFunction<Summary> value, boolean isRatio) {
    private static final double MILLIS = 1e3;

    /** @return the rows of the table, in order */
    static List<Figure> all() {
        return List.of(
                new Figure("tokens/s out", Summary::tokensPerSecond, true),
                new Figure("prompt tokens/s", Summary::promptTokensPerSecond, true),
                new Figure("requests/s", Summary::requestsPerSecond, true),
                new Figure("TTFT ms p50", millis(Summary::firstToken, 50), true),
                new Figure("TTFT ms p90", millis(Summary::firstToken, 90), true),
                new Figure("TTFT ms p99", millis(Summary::firstToken, 99), true),
                new Figure("inter-token ms p50", millis(Summary::gaps, 50), true),
                new Figure("inter-token ms p90", millis(Summary::gaps, 90), true),
                new Figure("inter-token ms p99", millis(Summary::gaps, 99), true),
                new Figure("ms per token p50", millis(Summary::perToken, 50), true),
                new Figure("ms per token p99", millis(Summary::perToken, 99), true),
                new Figure("end to end ms p50", millis(Summary::endToEnd, 50), true),
                new Figure("end to end ms p90", millis(Summary::endToEnd, 90), true),
                new Figure("end to end ms p99", millis(Summary::endToEnd, 99), true),
                new Figure("goodput requests/s", Summary::goodput, true),
                new Figure("good of all %", summary -> 100.0 * summary.good() / summary.requests(), false),
                new Figure("requests answered", Summary::done, false),
                new Figure("requests failed", Summary::failed, false),
                new Figure("prompt tokens each", Summary::promptTokensPerRequest, false),
                new Figure("of them cached", Summary::cachedTokensPerRequest, false),
                new Figure("tokens out each", Summary::outputTokensPerRequest, false),
                new Figure("client CPU µs/token", Summary::clientMicrosPerToken, false));
    }

    private static ToDoubleFunction<Summary> millis(Function<Summary, Samples> samples, double percent) {
        return summary -> MILLIS * samples.apply(summary).percentile(percent);
    }

    String text(Summary summary) {
        return number(value.applyAsDouble(summary));
    }

    /** @return the first server's figure over the second's */
    String ratio(Summary ours, Summary theirs) {
        double ratio = value.applyAsDouble(ours) / value.applyAsDouble(theirs);
        return isRatio && Double.isFinite(ratio) ? String.format(Locale.ROOT, "%.2f×", ratio) : "";
    }

    /** @return three significant figures or all before the point; a dash for what there is not */
    static String number(double value) {
        if (!Double.isFinite(value)) {
            return "–";
        }
        if (value == Math.rint(value) && value < 1e9) {
            return String.format(Locale.ROOT, "%,d", (long) value);
        }
        double size = Math.abs(value);
        String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }
}
