package dev.troupe.bench.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.bench.load.Load;
import dev.troupe.bench.load.Samples;
import dev.troupe.bench.report.Report.Level;
import dev.troupe.bench.report.Report.Server;
import dev.troupe.bench.report.Report.Setting;

/** The report for programs. Times in milliseconds, ratios the first server's figure over the second's; docs/bench.md names the fields. */
public final class JsonReport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonReport() {}

    public static String of(Report report) {
        ObjectNode root = JSON.createObjectNode();
        setting(root, report.setting());
        for (Level level : report.levels()) {
            ObjectNode node =
                    root.withArray("loads").addObject().put("load", level.load().label());
            if (level.load() instanceof Load.Streams streams) {
                node.put("streams", streams.count());
            }
            if (level.load() instanceof Load.Arrivals arrivals) {
                node.put("requests_per_second", arrivals.perSecond());
            }
            for (int i = 0; i < level.servers().size(); i++) {
                String name = report.setting().servers().get(i).name();
                summary(
                        node.withArray("servers").addObject().put("name", name),
                        level.servers().get(i));
            }
            if (level.servers().size() == 2) {
                ratios(node.putObject("ratio"), level);
            }
        }
        return root.toPrettyString() + System.lineSeparator();
    }

    private static void setting(ObjectNode root, Setting setting) {
        root.put("started", setting.started().toString())
                .put("work", setting.work())
                .put("seed", setting.seed())
                .put("rounds", setting.rounds());
        root.putObject("good_within")
                .put("ttft_ms", 1000 * setting.bounds().firstToken())
                .put("ms_per_token", 1000 * setting.bounds().perToken());
        for (Server server : setting.servers()) {
            ObjectNode node = root.withArray("servers")
                    .addObject()
                    .put("name", server.name())
                    .put("url", server.url())
                    .put("model", server.model());
            server.firstSight().ifPresent(seconds -> node.put("first_sight_of_prefix_ttft_ms", 1000 * seconds));
        }
        setting.notes().forEach(note -> root.withArray("notes").add(note));
    }

    private static void summary(ObjectNode node, Summary summary) {
        node.put("requests", summary.requests()).put("failed", summary.failed());
        number(node, "seconds", summary.seconds());
        number(node, "tokens_per_second", summary.tokensPerSecond());
        number(node, "prompt_tokens_per_second", summary.promptTokensPerSecond());
        number(node, "requests_per_second", summary.requestsPerSecond());
        number(node, "goodput_requests_per_second", summary.goodput());
        node.put("good", summary.good())
                .put("prompt_tokens", summary.promptTokens())
                .put("cached_tokens", summary.cachedTokens())
                .put("output_tokens", summary.outputTokens());
        samples(node.putObject("ttft_ms"), summary.firstToken());
        samples(node.putObject("inter_token_ms"), summary.gaps());
        samples(node.putObject("ms_per_token"), summary.perToken());
        samples(node.putObject("end_to_end_ms"), summary.endToEnd());
        number(node, "client_cpu_us_per_token", summary.clientMicrosPerToken());
        summary.tokensPerSecondByRound()
                .forEach(round -> node.withArray("tokens_per_second_by_round").add(round));
        summary.errors().forEach((error, count) -> node.withArray("errors")
                .addObject()
                .put("message", error)
                .put("count", count));
    }

    private static void samples(ObjectNode node, Samples samples) {
        node.put("count", samples.count());
        number(node, "mean", 1000 * samples.mean());
        for (int percent : new int[] {50, 90, 99, 100}) {
            number(node, percent == 100 ? "max" : "p" + percent, 1000 * samples.percentile(percent));
        }
    }

    private static void ratios(ObjectNode node, Level level) {
        Summary ours = level.servers().get(0);
        Summary theirs = level.servers().get(1);
        for (Figure figure : Figure.all()) {
            figure.ratioName()
                    .ifPresent(name -> number(
                            node,
                            name,
                            figure.value().applyAsDouble(ours) / figure.value().applyAsDouble(theirs)));
        }
    }

    /** JSON has no word for what is not a number. */
    private static void number(ObjectNode node, String field, double value) {
        if (Double.isFinite(value)) {
            node.put(field, value);
        } else {
            node.putNull(field);
        }
    }
}
