package dev.troupe.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.troupe.bench.BenchPlan.Target;
import dev.troupe.bench.BenchPlan.Work;
import dev.troupe.bench.load.Exchange;
import dev.troupe.bench.load.Limit;
import dev.troupe.bench.load.Load;
import dev.troupe.bench.load.LoadRun;
import dev.troupe.bench.load.RunProgress;
import dev.troupe.bench.load.RunResult;
import dev.troupe.bench.load.StreamClient;
import dev.troupe.bench.prompt.Calibration;
import dev.troupe.bench.prompt.Dataset;
import dev.troupe.bench.prompt.Prompts;
import dev.troupe.bench.prompt.RandomPrompts;
import dev.troupe.bench.report.Report;
import dev.troupe.bench.report.Report.Level;
import dev.troupe.bench.report.Report.Server;
import dev.troupe.bench.report.Report.Setting;
import dev.troupe.bench.report.Summary;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.LongFunction;

/** Carries a plan out, one load after the other, the servers in turn within each round. */
final class Bench implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LEAST_REQUESTS = 8;
    private static final int REQUESTS_A_STREAM = 4;
    private static final int SECONDS_OF_ARRIVALS = 20;
    private static final int WARMUP_OF_ARRIVALS = 4;

    private final BenchPlan plan;
    private final ProgressLine progress;
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final List<String> notes = new ArrayList<>();
    private List<Asked> servers = List.of();
    private Prompts prompts;
    /** Every prompt is asked once of each server and never again, or caches would answer. */
    private long nextPrompt;

    /** A server, the model asked for, and the beginning and end of each request's body. */
    private record Asked(String name, StreamClient client, String model) {
        Buffer body(String messages, int outputTokens) {
            return Buffer.buffer(
                    "{\"model\":" + JSON.valueToTree(model) + ",\"messages\":" + messages + ",\"max_tokens\":"
                            + outputTokens + ",\"ignore_eos\":true,\"temperature\":0,\"stream\":true,"
                            + "\"stream_options\":{\"include_usage\":true}}");
        }
    }

    Bench(BenchPlan plan, ProgressLine progress) {
        this.plan = plan;
        this.progress = progress;
    }

    /** @throws BenchException for what the user can put right; a request that fails while measuring is counted instead */
    Report run() {
        Instant started = Instant.now();
        servers = plan.targets().stream().map(this::find).toList();
        progress.show("getting ready: asking how the server counts words");
        String work = preparePrompts();
        List<Server> shown = servers.stream()
                .map(server -> new Server(
                        server.name(), server.client().endpoint().name(), server.model(), firstSight(server)))
                .toList();
        List<Level> levels = plan.loads().stream().map(this::level).toList();
        progress.clear();
        noteRepeatedPrompts();
        return new Report(new Setting(started, work, plan.seed(), plan.rounds(), plan.bounds(), shown, notes), levels);
    }

    @Override
    public void close() {
        Waiting.until(vertx.close());
    }

    private Asked find(Target target) {
        StreamClient client = new StreamClient(vertx, target.endpoint(), plan.silence());
        List<String> models = Waiting.until(client.models(), failure -> {
            throw new BenchException(
                    "no answer from " + target.endpoint() + ": " + StreamClient.reason(failure)
                            + "; is a server running there?",
                    failure);
        });
        if (target.model().isEmpty() && models.isEmpty()) {
            throw new BenchException(target.endpoint() + " names no model; is it ready? Else say which with --model");
        }
        return new Asked(target.name(), client, target.model().orElseGet(() -> models.get(0)));
    }

    /** @return the work in words */
    private String preparePrompts() {
        Work work = plan.work();
        // One small question each: what is wrong with the model or the key shall be said before anything is measured.
        servers.forEach(server -> tokensOf(server, 1));
        String answers = work.outputTokens() == 1 ? "1 token out" : work.outputTokens() + " tokens out";
        if (work.dataset().isPresent()) {
            Dataset dataset = Dataset.read(work.dataset().get());
            prompts = dataset;
            return dataset.size() + " prompts of " + work.dataset().get().getFileName() + ", " + answers;
        }
        Calibration words = Calibration.measure(work.promptTokens(), count -> tokensOf(servers.get(0), count));
        int total = words.words(work.promptTokens());
        int shared = work.sharedPrefix() == 0 ? 0 : Math.min(total - 1, words.words(work.sharedPrefix()));
        prompts = new RandomPrompts(plan.seed(), total, shared);
        return "prompts of about " + work.promptTokens() + " tokens ("
                + (shared == 0 ? "all different" : "the first " + work.sharedPrefix() + " common to all") + "), "
                + answers;
    }

    private int tokensOf(Asked server, int words) {
        Buffer body = server.body(new RandomPrompts(plan.seed(), words, 0).messages(nextPrompt++), 1);
        int tokens = answered(server, body).promptTokens();
        if (tokens == 0) {
            String note = server.name() + " does not say how many tokens a prompt has; each word is taken for one";
            if (!notes.contains(note)) {
                notes.add(note);
            }
        }
        return tokens == 0 ? words : tokens;
    }

    private OptionalDouble firstSight(Asked server) {
        if (plan.work().sharedPrefix() == 0) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(
                answered(server, server.body(prompts.messages(nextPrompt++), 1)).firstToken());
    }

    private static Exchange answered(Asked server, Buffer body) {
        Exchange exchange = Waiting.until(server.client().ask(body));
        exchange.error().ifPresent(error -> {
            throw new BenchException(server.client().endpoint() + ": " + error);
        });
        return exchange;
    }

    private Level level(Load load) {
        warmUp(load);
        List<List<RunResult>> results = servers.stream()
                .<List<RunResult>>map(server -> new ArrayList<>())
                .toList();
        for (int round = 1; round <= plan.rounds(); round++) {
            long longest = 0;
            for (int i = 0; i < servers.size(); i++) {
                RunResult result = run(servers.get(i), load, limit(load), round);
                results.get(i).add(result);
                longest = Math.max(longest, result.exchanges().size());
            }
            // The same questions for every server, new ones for every round.
            nextPrompt += longest;
        }
        return new Level(
                load,
                results.stream()
                        .map(rounds -> Summary.of(rounds, plan.bounds()))
                        .toList());
    }

    private void warmUp(Load load) {
        int streams = load instanceof Load.Streams closed ? closed.count() : WARMUP_OF_ARRIVALS;
        int count = plan.warmup().orElse(streams);
        if (count > 0) {
            Load some = new Load.Streams(Math.min(streams, count));
            servers.forEach(server -> run(server, some, new Limit.Requests(count), 0));
            nextPrompt += count;
        }
    }

    private RunResult run(Asked server, Load load, Limit limit, int round) {
        long first = nextPrompt;
        LongFunction<Buffer> bodies = number ->
                server.body(prompts.messages(first + number), plan.work().outputTokens());
        String what = (servers.size() > 1 ? server.name() + ", " : "")
                + load.label()
                + (round == 0 ? ", warming up" : plan.rounds() > 1 ? ", round " + round + " of " + plan.rounds() : "");
        return Waiting.until(
                new LoadRun(vertx, server.client(), bodies, load, limit, plan.seed() + round, now -> show(what, now))
                        .start());
    }

    private void show(String what, RunProgress now) {
        progress.show(String.format(
                Locale.ROOT,
                "%s: %d done%s, %d running, %.0f s, %.0f tokens/s",
                what,
                now.done() - now.failed(),
                now.failed() == 0 ? "" : ", " + now.failed() + " failed",
                now.running(),
                now.seconds(),
                now.chunks() / now.seconds()));
    }

    private Limit limit(Load load) {
        if (plan.span().isPresent()) {
            return new Limit.Time(plan.span().get());
        }
        long usual = load instanceof Load.Arrivals arrivals
                ? (long) Math.ceil(arrivals.perSecond() * SECONDS_OF_ARRIVALS)
                : (long) REQUESTS_A_STREAM * ((Load.Streams) load).count();
        return new Limit.Requests(plan.requests().orElse(Math.max(LEAST_REQUESTS, usual)));
    }

    private void noteRepeatedPrompts() {
        if (prompts instanceof Dataset dataset && nextPrompt > dataset.size()) {
            notes.add(
                    "the file has fewer prompts than were asked, so some were asked again and the servers' caches helped");
        }
    }
}
