package dev.troupe.bench;

import dev.troupe.bench.BenchPlan.Target;
import dev.troupe.bench.BenchPlan.Work;
import dev.troupe.bench.dialogue.DialoguesCommand;
import dev.troupe.bench.load.Load;
import dev.troupe.bench.report.Bounds;
import dev.troupe.bench.report.HtmlReport;
import dev.troupe.bench.report.JsonReport;
import dev.troupe.bench.report.Report;
import dev.troupe.bench.report.TextReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code troupe bench}. Exit code 1 when no request at all was answered. */
@Command(
        name = "bench",
        description =
                "Measure an OpenAI-compatible server, or two in turn: time to first token, time between tokens, throughput.",
        subcommands = DialoguesCommand.class,
        sortOptions = false)
public final class BenchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private Servers.First first;

    /** A group, so that what belongs to a second server is refused where none is named. */
    @ArgGroup(exclusive = false)
    private Servers.Second second;

    @Option(names = "--names", paramLabel = "A,B", split = ",", description = "What to call the two (default: A,B).")
    private List<String> names = List.of("A", "B");

    @Option(
            names = "--concurrency",
            paramLabel = "N,…",
            split = ",",
            description = "Streams at a time, one measurement each (default: 1,8,32).")
    private List<Integer> concurrency;

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "Instead: requests that arrive by chance, R a second in the mean.")
    private Double rate;

    @Option(
            names = "--prompt-tokens",
            paramLabel = "N",
            description = "Length of each prompt, by the server's own count (default: ${DEFAULT-VALUE}).")
    private int promptTokens = 100;

    @Option(
            names = "--output-tokens",
            paramLabel = "N",
            description = "Tokens to ask for in each answer (default: ${DEFAULT-VALUE}).")
    private int outputTokens = 64;

    @Option(
            names = "--shared-prefix",
            paramLabel = "N",
            description = "Tokens at the beginning that all prompts have in common, seen once before (default: none).")
    private int sharedPrefix;

    @Option(
            names = "--dataset",
            paramLabel = "FILE",
            description = "Prompts of your own: JSON lines with prompt or messages, or ShareGPT's list.")
    private Path dataset;

    @Option(
            names = "--requests",
            paramLabel = "N",
            description = "Requests a measurement (default: 4 a stream, 20 seconds of --rate, at least 8).")
    private Long requests;

    @Option(names = "--duration", paramLabel = "SECONDS", description = "Instead: send for so long.")
    private Double duration;

    @Option(
            names = "--warmup",
            paramLabel = "N",
            description = "Requests before each measurement that do not count (default: 1 a stream).")
    private Integer warmup;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "How often to measure, the servers in turn (default: 1; with --compare 3).")
    private Integer rounds;

    @Option(
            names = "--ttft-bound",
            paramLabel = "MS",
            description = "A good request has its first token within so long (default: ${DEFAULT-VALUE}).")
    private double ttftBound = 1000;

    @Option(
            names = "--token-bound",
            paramLabel = "MS",
            description = "… and takes no longer than this a token after it (default: ${DEFAULT-VALUE}).")
    private double tokenBound = 100;

    @Option(names = "--seed", paramLabel = "N", description = "Of prompts and arrivals (default: a new one each time).")
    private Long seed;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "A server silent for so long has failed the request (default: ${DEFAULT-VALUE}).")
    private double timeout = 300;

    @Option(names = "--json", paramLabel = "FILE", description = "Write all figures there, too.")
    private Path json;

    @Option(names = "--html", paramLabel = "FILE", description = "Write a report with plots there, too.")
    private Path html;

    @Override
    public Integer call() {
        BenchPlan plan = plan();
        PrintWriter out = spec.commandLine().getOut();
        Report report = measured(plan, out);
        out.print(TextReport.of(report));
        out.flush();
        write(json, () -> JsonReport.of(report));
        write(html, () -> HtmlReport.of(report));
        return report.isAllFailed() ? 1 : 0;
    }

    private static Report measured(BenchPlan plan, PrintWriter out) {
        try (Bench bench = new Bench(plan, new ProgressLine(out, Boolean.getBoolean("troupe.terminal")))) {
            return bench.run();
        }
    }

    private BenchPlan plan() {
        positive("--prompt-tokens", promptTokens);
        positive("--output-tokens", outputTokens);
        positive("--ttft-bound", ttftBound);
        positive("--token-bound", tokenBound);
        positive("--timeout", timeout);
        refuse(sharedPrefix < 0 || sharedPrefix >= promptTokens, "--shared-prefix must be less than --prompt-tokens");
        refuse(sharedPrefix > 0 && dataset != null, "--shared-prefix and --dataset do not go together");
        refuse(rate != null && concurrency != null, "--rate and --concurrency do not go together");
        refuse(requests != null && duration != null, "--requests and --duration do not go together");
        refuse(names.size() != 2, "--names takes two names");
        refuse(warmup != null && warmup < 0, "--warmup must not be negative");
        Optional.ofNullable(requests).ifPresent(value -> positive("--requests", value));
        Optional.ofNullable(duration).ifPresent(value -> positive("--duration", value));
        Optional.ofNullable(rounds).ifPresent(value -> positive("--rounds", value));
        return new BenchPlan(
                targets(),
                loads(),
                new Work(promptTokens, outputTokens, sharedPrefix, Optional.ofNullable(dataset)),
                requests == null ? OptionalLong.empty() : OptionalLong.of(requests),
                Optional.ofNullable(duration).map(BenchCommand::seconds),
                warmup == null ? OptionalInt.empty() : OptionalInt.of(warmup),
                rounds != null ? rounds : second == null ? 1 : 3,
                seed != null ? seed : ThreadLocalRandom.current().nextInt(1, 1_000_000_000),
                new Bounds(ttftBound / 1000, tokenBound / 1000),
                seconds(timeout));
    }

    private List<Target> targets() {
        Target measured = first.target(names.get(0));
        return second == null ? List.of(measured) : List.of(measured, second.target(names.get(1)));
    }

    private List<Load> loads() {
        if (rate != null) {
            positive("--rate", rate);
            return List.of(new Load.Arrivals(rate));
        }
        List<Integer> streams = concurrency == null ? List.of(1, 8, 32) : concurrency;
        streams.forEach(count -> positive("--concurrency", count));
        return streams.stream().<Load>map(Load.Streams::new).toList();
    }

    private void positive(String option, double value) {
        refuse(!(value > 0), option + " must be positive");
    }

    private void refuse(boolean wrong, String message) {
        if (wrong) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }

    private static Duration seconds(double value) {
        return Duration.ofMillis((long) (1000 * value));
    }

    private static void write(Path file, Supplier<String> text) {
        if (file == null) {
            return;
        }
        try {
            Files.writeString(file, text.get());
        } catch (IOException e) {
            throw new BenchException("cannot write " + file + ": " + e, e);
        }
    }
}
