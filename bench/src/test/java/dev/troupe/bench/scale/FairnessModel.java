package dev.troupe.bench.scale;

import dev.troupe.batcher.BatcherConfig;
import dev.troupe.batcher.fair.Price;
import dev.troupe.bench.report.FairnessReport;
import dev.troupe.bench.report.FairnessReport.Contest;
import dev.troupe.bench.report.FairnessReport.Figures;
import dev.troupe.bench.report.FairnessReport.Overload;
import dev.troupe.bench.report.FairnessReport.Policy;
import dev.troupe.bench.scale.FairOutcome.Window;
import dev.troupe.cluster.tenant.Priority;
import dev.troupe.cluster.tenant.Share;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * One heavy tenant and eight light ones, first come first served and fair; then the same nine at several times of what a replica can do. The real
 * scheduler in virtual time, with the measured steps of a CPU replica: for {@code docs/fairness.md}, and by hand.
 *
 * <p>Writes {@code fairness.json} and {@code fairness.html} into the directory of {@code -Dout}.
 */
public final class FairnessModel {
    static final String HEAVY = "heavy";
    private static final int LIGHTS = 8;
    private static final double HEAVY_PART = 0.75;
    private static final double LIGHT_PART = 0.25 / LIGHTS;
    private static final double SECONDS = 180;
    private static final Window COUNTED = new Window(30_000, 150_000);
    private static final double[] LOADS = {0.5, 1, 1.5, 2, 3, 5};
    private static final long DEADLINE_MILLIS = 5_000;
    private static final long UNBOUNDED = Long.MAX_VALUE / 4;

    private final ReplicaProfile profile = ReplicaProfile.cpu();
    private final long seed;
    private final double capacity;

    FairnessModel(long seed) {
        this.seed = seed;
        this.capacity = capacity();
    }

    /** @param args none */
    public static void main(String[] args) throws IOException {
        long seed = Long.getLong("seed", 1);
        FairnessModel model = new FairnessModel(seed);
        FairnessReport report = new FairnessReport(seed, model.capacity, model.contest(), model.overload());
        Path out = Files.createDirectories(Path.of(System.getProperty("out", ".")));
        Files.writeString(out.resolve("fairness.json"), report.json());
        Files.writeString(out.resolve("fairness.html"), report.html());
        System.out.print(report.json());
    }

    /** @return requests a second when more wait than can run */
    private double capacity() {
        List<FairRequest> all = new FairTrace(seed).tenant(HEAVY, 1_000, 1).requests();
        FairOutcome outcome = run(all, all, config(UNBOUNDED));
        Window busy = new Window(
                0,
                outcome.ends().values().stream()
                        .mapToDouble(Double::doubleValue)
                        .max()
                        .orElseThrow());
        double meanAnswer = all.stream().mapToInt(FairRequest::answer).average().orElseThrow();
        return outcome.tokensPerSecond(busy) / meanAnswer;
    }

    /** @param maxWaitMillis that a request may be expected to wait */
    private BatcherConfig config(long maxWaitMillis) {
        BatcherConfig usual = profile.config();
        return new BatcherConfig(
                usual.maxRunning(),
                usual.tokenBudget(),
                usual.promptRowsBesideDecodes(),
                0,
                maxWaitMillis == UNBOUNDED ? Integer.MAX_VALUE : usual.maxWaiting(),
                Integer.MAX_VALUE,
                UNBOUNDED,
                usual.answerTimeoutMillis(),
                usual.failurePauseMillis(),
                usual.endedMemoryMillis(),
                usual.endedMemorySize(),
                usual.ageMillis(),
                maxWaitMillis);
    }

    private FairOutcome run(List<FairRequest> owners, List<FairRequest> asked, BatcherConfig config) {
        return run(asked, config, new ServiceWatch(owners));
    }

    private FairOutcome run(List<FairRequest> asked, BatcherConfig config, ServiceWatch watch) {
        return new VirtualReplica(profile, config, asked, watch).run();
    }

    /** @param load times of what the replica can do */
    private List<FairRequest> trace(double load) {
        FairTrace trace = new FairTrace(seed).tenant(HEAVY, HEAVY_PART * load * capacity, SECONDS);
        IntStream.range(0, LIGHTS).forEach(i -> trace.tenant("light" + i, LIGHT_PART * load * capacity, SECONDS));
        return trace.requests();
    }

    /** Twice of what the replica can do, and no bound of the queue, so that both policies have the same work. */
    Contest contest() {
        List<FairRequest> asked = trace(2);
        int longest = asked.stream()
                .mapToInt(one -> one.prompt() + one.answer())
                .max()
                .orElseThrow();
        int longestPrompt = asked.stream().mapToInt(FairRequest::prompt).max().orElseThrow();
        double memory = Math.min(profile.kvTokens(), (double) profile.config().maxRunning() * longest);
        double bound = 2 * Math.max(Price.PROMPT * longestPrompt, Price.GENERATED * memory);
        List<FairRequest> oneTenants =
                asked.stream().map(FairRequest::asOneOfMany).toList();
        return new Contest(
                figures("first come, first served", asked, oneTenants), figures("fair", asked, asked), bound);
    }

    private Figures figures(String name, List<FairRequest> owners, List<FairRequest> asked) {
        ServiceWatch watch = new ServiceWatch(owners);
        FairOutcome outcome = run(asked, config(UNBOUNDED), watch);
        return new Figures(
                name,
                outcome.timeToFirst(
                        COUNTED,
                        request -> !owners.get(request.number()).tenant().equals(HEAVY)),
                outcome.timeToFirst(
                        COUNTED,
                        request -> owners.get(request.number()).tenant().equals(HEAVY)),
                outcome.tokensPerSecond(COUNTED),
                watch.widest());
    }

    /**
     * Three policies at each load: a queue without bound, one bounded by time, and requests that say by when they want their first token. With
     * the bound a request is good when it began within half as much again, since it is a bound of what is expected.
     */
    List<Overload> overload() {
        List<Overload> loads = new ArrayList<>();
        for (double load : LOADS) {
            List<FairRequest> asked = trace(load);
            Share hurried = new Share(1, Priority.STANDARD, OptionalLong.of(DEADLINE_MILLIS));
            List<FairRequest> inTime =
                    asked.stream().map(one -> one.withShare(hurried)).toList();
            List<FairRequest> oneTenants =
                    asked.stream().map(FairRequest::asOneOfMany).toList();
            long bounded = profile.config().maxWaitMillis();
            loads.add(new Overload(
                    load,
                    policy(asked, oneTenants, UNBOUNDED, DEADLINE_MILLIS),
                    policy(asked, asked, bounded, bounded * 3 / 2),
                    policy(asked, inTime, bounded, DEADLINE_MILLIS)));
        }
        return loads;
    }

    private Policy policy(List<FairRequest> owners, List<FairRequest> asked, long maxWaitMillis, long goodMillis) {
        FairOutcome outcome = run(owners, asked, config(maxWaitMillis));
        return new Policy(
                outcome.goodTokensPerSecond(COUNTED, (double) goodMillis),
                outcome.timeToFirst(COUNTED, request -> true),
                (double) outcome.refused() / asked.size(),
                outcome.longestQueue());
    }
}
