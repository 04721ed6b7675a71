package dev.troupe.bench.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.bench.load.Samples;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * What was seen of fairness and overload, for programs and as a page.
 *
 * @param capacity requests a second that the replica can do
 */
public record FairnessReport(long seed, double capacity, Contest contest, List<Overload> loads) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * One trace under two policies.
     *
     * @param bound of the difference in service between two tenants that wait
     */
    public record Contest(Figures fcfs, Figures fair, double bound) {
        /** @return part of the throughput that fairness costs; negative when it gains */
        public double lost() {
            return 1 - fair.tokensPerSecond / fcfs.tokensPerSecond;
        }
    }

    /**
     * What a policy gave.
     *
     * @param light times to first token of the light tenants, milliseconds
     * @param heavy the same of the heavy one
     * @param difference the largest in service between two tenants that both waited
     */
    public record Figures(String name, Samples light, Samples heavy, double tokensPerSecond, double difference) {}

    /**
     * One load under three policies.
     *
     * @param times of what the replica can do
     */
    public record Overload(double times, Policy unbounded, Policy bounded, Policy deadlines) {}

    /**
     * What a policy gave under a load.
     *
     * @param good tokens a second of requests that began in time
     * @param firstToken of all that were served, milliseconds
     * @param refused part of all requests
     */
    public record Policy(double good, Samples firstToken, double refused, int longestQueue) {}

    public String json() {
        ObjectNode root =
                JSON.createObjectNode().put("seed", seed).put("capacity_requests_per_second", rounded(capacity));
        ObjectNode both = root.putObject("one_heavy_eight_light");
        figures(both.putObject("fcfs"), contest.fcfs);
        figures(both.putObject("fair"), contest.fair);
        both.put("bound", rounded(contest.bound)).put("throughput_lost", rounded(contest.lost()));
        for (Overload load : loads) {
            ObjectNode node = root.withArray("overload").addObject().put("times_capacity", load.times);
            policy(node.putObject("unbounded_fcfs"), load.unbounded);
            policy(node.putObject("bounded"), load.bounded);
            policy(node.putObject("deadlines"), load.deadlines);
        }
        return root.toPrettyString() + System.lineSeparator();
    }

    private static void figures(ObjectNode node, Figures figures) {
        percentiles(node.putObject("light_ttft_ms"), figures.light);
        percentiles(node.putObject("heavy_ttft_ms"), figures.heavy);
        node.put("tokens_per_second", rounded(figures.tokensPerSecond))
                .put("largest_difference", rounded(figures.difference));
    }

    private static void policy(ObjectNode node, Policy policy) {
        node.put("good_tokens_per_second", rounded(policy.good))
                .put("refused", rounded(policy.refused))
                .put("longest_queue", policy.longestQueue);
        percentiles(node.putObject("ttft_ms"), policy.firstToken);
    }

    private static void percentiles(ObjectNode node, Samples samples) {
        node.put("count", samples.count());
        for (int percent : new int[] {50, 90, 99}) {
            node.put("p" + percent, Math.round(samples.percentile(percent)));
        }
    }

    private static double rounded(double value) {
        return Math.round(value * 1e4) / 1e4;
    }

    public String html() {
        StringBuilder body = new StringBuilder();
        body.append("<h1>One heavy tenant and eight light ones</h1>\n");
        paragraph(
                body,
                "The real scheduler in virtual time, with the measured steps of a CPU replica that does "
                        + Figure.number(capacity) + " requests a second, asked for twice as much. Seed " + seed + ".");
        body.append("<div class=\"servers\"><div><span class=\"key key0\"></span>")
                .append(contest.fcfs.name);
        body.append("</div><div><span class=\"key key1\"></span>").append(contest.fair.name);
        body.append("</div></div>\n<div class=\"row\">\n");
        card(body, "Light tenants' time to first token", List.of(contest.fcfs.light, contest.fair.light));
        card(body, "The heavy tenant's", List.of(contest.fcfs.heavy, contest.fair.heavy));
        body.append("</div>\n");
        paragraph(
                body,
                String.format(
                        Locale.ROOT,
                        "Largest difference in service between two that waited: %,.0f and %,.0f, where the bound of the fair one is %,.0f. Throughput lost: %.1f%%.",
                        contest.fcfs.difference,
                        contest.fair.difference,
                        contest.bound,
                        100 * contest.lost()));
        body.append("<h2>More than can be done</h2>\n<div class=\"servers\">");
        body.append("<div><span class=\"key key0\"></span>the queue is bounded by time</div>");
        body.append(
                "<div><span class=\"key key1\"></span>and requests have deadlines</div></div>\n<div class=\"row wide\">\n");
        bars(body, "Good tokens", "tokens/s; more is better", policy -> policy.good);
        bars(body, "Refused", "percent of the requests", policy -> 100 * policy.refused);
        bars(body, "Time to first token", "s, p99 of those served", policy -> policy.firstToken.percentile(99) / 1e3);
        body.append("</div>\n");
        return template().replace("{{title}}", "Fairness and overload").replace("{{body}}", body);
    }

    private static void paragraph(StringBuilder body, String text) {
        body.append("<p>").append(Html.escaped(text)).append("</p>\n");
    }

    private static void card(StringBuilder body, String title, List<Samples> millis) {
        card(body, title, "ms, from the quickest to p99", Spread.of(title, millis));
    }

    private void bars(StringBuilder body, String title, String unit, ToDoubleFunction<Policy> figure) {
        List<String> labels =
                loads.stream().map(load -> Figure.number(load.times) + "×").toList();
        double[][] values = {
            loads.stream()
                    .mapToDouble(load -> figure.applyAsDouble(load.bounded))
                    .toArray(),
            loads.stream()
                    .mapToDouble(load -> figure.applyAsDouble(load.deadlines))
                    .toArray()
        };
        card(body, title, unit, Bars.of(title, labels, values));
    }

    private static void card(StringBuilder body, String title, String unit, String plot) {
        body.append("<div class=\"card\"><h3>").append(Html.escaped(title)).append("</h3><p>");
        body.append(Html.escaped(unit)).append("</p>").append(plot).append("</div>\n");
    }

    private static String template() {
        try (InputStream in = HtmlReport.class.getResourceAsStream("report.html")) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
