package dev.troupe.bench.report;

import dev.troupe.bench.load.Samples;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * One row of the table.
 *
 * @param value in the unit that the label names
 * @param ratioName what the quotient of two servers is called in JSON; none where it says nothing
 */
record Figure(String label, ToDoubleFunction<Summary> value, Optional<String> ratioName) {
    private static final double MILLIS = 1e3;

    /** @return the rows of the table, in order */
    static List<Figure> all() {
        return List.of(
                new Figure("tokens/s out", Summary::tokensPerSecond, Optional.of("tokens_per_second")),
                new Figure("prompt tokens/s", Summary::promptTokensPerSecond, Optional.of("prompt_tokens_per_second")),
                new Figure("requests/s", Summary::requestsPerSecond, Optional.of("requests_per_second")),
                new Figure("TTFT ms p50", millis(Summary::firstToken, 50), Optional.of("ttft_ms_p50")),
                new Figure("TTFT ms p90", millis(Summary::firstToken, 90), Optional.of("ttft_ms_p90")),
                new Figure("TTFT ms p99", millis(Summary::firstToken, 99), Optional.of("ttft_ms_p99")),
                new Figure("inter-token ms p50", millis(Summary::gaps, 50), Optional.of("inter_token_ms_p50")),
                new Figure("inter-token ms p90", millis(Summary::gaps, 90), Optional.of("inter_token_ms_p90")),
                new Figure("inter-token ms p99", millis(Summary::gaps, 99), Optional.of("inter_token_ms_p99")),
                new Figure("ms per token p50", millis(Summary::perToken, 50), Optional.of("ms_per_token_p50")),
                new Figure("ms per token p99", millis(Summary::perToken, 99), Optional.of("ms_per_token_p99")),
                new Figure("end to end ms p50", millis(Summary::endToEnd, 50), Optional.of("end_to_end_ms_p50")),
                new Figure("end to end ms p90", millis(Summary::endToEnd, 90), Optional.of("end_to_end_ms_p90")),
                new Figure("end to end ms p99", millis(Summary::endToEnd, 99), Optional.of("end_to_end_ms_p99")),
                new Figure("goodput requests/s", Summary::goodput, Optional.of("goodput_requests_per_second")),
                new Figure("good of all %", summary -> 100.0 * summary.good() / summary.requests(), Optional.empty()),
                new Figure("requests answered", Summary::done, Optional.empty()),
                new Figure("requests failed", Summary::failed, Optional.empty()),
                new Figure("prompt tokens each", Summary::promptTokensPerRequest, Optional.empty()),
                new Figure("of them cached", Summary::cachedTokensPerRequest, Optional.empty()),
                new Figure("tokens out each", Summary::outputTokensPerRequest, Optional.empty()),
                new Figure("client CPU µs/token", Summary::clientMicrosPerToken, Optional.empty()));
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
        return ratioName.isPresent() && Double.isFinite(ratio) ? String.format(Locale.ROOT, "%.2f×", ratio) : "";
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
