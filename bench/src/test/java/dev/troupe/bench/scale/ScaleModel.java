package dev.troupe.bench.scale;

import dev.troupe.bench.scale.PoolPlan.Journal;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;

/**
 * Prints what the model says, as tables of Markdown: for {@code docs/scale.md}, and by hand.
 *
 * <p>{@code sizes} is the default: 10, 100 and 1,000 replicas. {@code one} is one pool, by {@code -D} properties. {@code check} is 1 to 4
 * replicas on one machine, to be compared with measured runs.
 */
public final class ScaleModel {
    private static final double WARM_UP = Double.parseDouble(System.getProperty("warm", "30"));
    private static final double SECONDS = Double.parseDouble(System.getProperty("seconds", "120"));
    private static final long SEED = Long.getLong("seed", 1);
    private static final PoolModel.Bounds BOUNDS = new PoolModel.Bounds(1_000, 100);
    /** Requests a second for each replica that keep it about two thirds busy. */
    private static final double CPU_RATE = 1.0;

    private static final double GPU_RATE = 20;
    /** So that a router's loop is about half busy with tokens. */
    private static final int CPU_REPLICAS_A_ROUTER = 100;

    private static final int GPU_REPLICAS_A_ROUTER = 10;

    private ScaleModel() {}

    /** @param args {@code sizes}, {@code one} or {@code check} */
    public static void main(String[] args) {
        String what = args.length == 0 ? "sizes" : args[0];
        switch (what) {
            case "sizes" -> sizes();
            case "one" -> one();
            case "check" -> check();
            default -> throw new IllegalArgumentException("sizes, one or check, not " + what);
        }
    }

    private static void sizes() {
        for (String name : List.of("cpu", "gpu")) {
            ReplicaProfile profile = profile(name);
            System.out.printf(Locale.ROOT, "%n%s, %.1f requests/s a replica%n%n", profile.name(), rate(name));
            ScaleTable.head();
            for (int replicas : new int[] {10, 100, 1000}) {
                int routers =
                        Math.max(1, replicas / (name.equals("cpu") ? CPU_REPLICAS_A_ROUTER : GPU_REPLICAS_A_ROUTER));
                for (Journal journal : Journal.values()) {
                    print(PoolPlan.apart(profile, costs(), replicas, routers, journal), rate(name));
                }
            }
        }
    }

    private static ReplicaProfile profile(String name) {
        return name.equals("cpu") ? ReplicaProfile.cpu() : ReplicaProfile.assumedGpu();
    }

    /** {@code -Dfree} takes all costs away but the models', {@code -Dplacement} sets the placement's for each replica. */
    private static Costs costs() {
        Costs costs = Boolean.getBoolean("free") ? Costs.none() : Costs.measured();
        String placement = System.getProperty("placement");
        return placement == null ? costs : costs.withPlacement(costs.placement(), Double.parseDouble(placement));
    }

    private static double rate(String profile) {
        double usual = profile.equals("cpu") ? CPU_RATE : GPU_RATE;
        return Double.parseDouble(System.getProperty("rate", String.valueOf(usual)));
    }

    private static void one() {
        String name = System.getProperty("profile", "cpu");
        Journal journal = Journal.valueOf(System.getProperty("journal", "off").toUpperCase(Locale.ROOT));
        int replicas = Integer.getInteger("replicas", 100);
        PoolPlan plan = PoolPlan.apart(profile(name), costs(), replicas, Integer.getInteger("routers", 2), journal);
        ScaleTable.head();
        print(plan.withSample(Integer.getInteger("sample", 0)), rate(name));
    }

    private static void print(PoolPlan plan, double rate) {
        long begun = processorTime();
        OpenLoad load = new OpenLoad(Traffic.chat(rate * plan.replicas()), SEED);
        Outcome outcome = new PoolModel(plan, load, SEED, BOUNDS).run(WARM_UP, SECONDS);
        ScaleTable.row(plan, outcome, (processorTime() - begun) / 1e9);
    }

    private static long processorTime() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static void check() {
        System.out.println("| replicas | streams | tokens/s out | TTFT p50, ms | TTFT p90, ms | inter-token p50, ms |");
        System.out.println("|---|---|---|---|---|---|");
        int cores = Integer.getInteger("cores", 2);
        String told = System.getProperty("step");
        ReplicaProfile profile = ReplicaProfile.cpuWithClients(
                told == null ? ReplicaProfile.cpu().time() : StepTime.parse(told));
        for (int replicas = 1; replicas <= 4; replicas++) {
            for (int streams : new int[] {1, 8, 32}) {
                PoolPlan plan = PoolPlan.together(profile, Costs.measured(), replicas, cores, cores);
                Outcome outcome =
                        new PoolModel(plan, new ClosedLoad(streams, 100, 64), SEED, BOUNDS).run(WARM_UP, SECONDS);
                System.out.printf(
                        Locale.ROOT,
                        "| %d | %d | %.0f | %.0f | %.0f | %.1f |%n",
                        replicas,
                        streams,
                        outcome.tokensPerSecond(),
                        outcome.firstToken().millis(50),
                        outcome.firstToken().millis(90),
                        outcome.gaps().millis(50));
            }
        }
    }
}
