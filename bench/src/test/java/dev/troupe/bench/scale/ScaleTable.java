package dev.troupe.bench.scale;

import java.util.Locale;

/** Outcomes as rows of a table in Markdown. Loads are in percent of one server, in the mean and of the busiest. */
final class ScaleTable {
    private ScaleTable() {}

    static void head() {
        System.out.println(
                "| replicas | routers | journal | tokens/s | good of all | cached | TTFT p50/p99, ms | inter-token p50/p99, ms"
                        + " | devices | replica's bus | router reads | router's loop | of it tokens | requests | placement | heartbeats"
                        + " | journal calls | router's other threads | partitions | journal ops/s | took, s |");
        System.out.println("|" + "---|".repeat(21));
    }

    static void row(PoolPlan plan, Outcome outcome, double took) {
        Outcome.Loads loads = outcome.loads();
        System.out.printf(
                Locale.ROOT,
                "| %,d | %d | %s | %,.0f | %.0f%% | %.0f%% | %.0f / %.0f | %.1f / %.1f | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %,.0f | %.1f |%n",
                plan.replicas(),
                plan.routers(),
                plan.journal().toString().toLowerCase(Locale.ROOT),
                outcome.tokensPerSecond(),
                100 * outcome.goodPerSecond() / outcome.requestsPerSecond(),
                100 * outcome.cachedShare(),
                outcome.firstToken().millis(50),
                outcome.firstToken().millis(99),
                outcome.gaps().millis(50),
                outcome.gaps().millis(99),
                both(loads.device()),
                both(loads.replicaBus()),
                both(loads.routerReading()),
                both(loads.routerLoop()),
                mean(loads.routerTokens()),
                mean(loads.routerRequests()),
                mean(loads.routerPlacement()),
                mean(loads.routerHeartbeats()),
                mean(loads.routerJournal()),
                mean(loads.routerElsewhere()),
                both(loads.journal()),
                loads.journalOperations(),
                took);
    }

    private static String both(Outcome.Share share) {
        return String.format(Locale.ROOT, "%.0f, %.0f", 100 * share.mean(), 100 * share.most());
    }

    private static String mean(Outcome.Share share) {
        return String.format(Locale.ROOT, "%.1f", 100 * share.mean());
    }
}
