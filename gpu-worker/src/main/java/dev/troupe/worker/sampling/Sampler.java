package dev.troupe.worker.sampling;

import dev.troupe.cluster.message.SamplingParams;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * Picks a token by inverting the cumulative distribution, likeliest token first, at one uniform number. So the same
 * distribution and the same number give the same token, and a distribution that differs by rounding nearly always does.
 *
 * <p>The filters come in this order, each over what the one before has left, renormalised: temperature, top-k, top-p (the
 * smallest set whose mass reaches p), min-p (relative to the likeliest).
 */
public final class Sampler {
    private Sampler() {}

    /**
     * @param head the likeliest tokens
     * @param logSum logarithm of the sum of exp(logit / temperature) over the whole row
     * @param whole the whole row, asked for only when the head does not decide
     * @param uniform in [0, 1)
     */
    public static int pick(Ranking head, float logSum, Supplier<Ranking> whole, SamplingParams params, double uniform) {
        if (params.isGreedy()) {
            return head.id(0);
        }
        var fromHead = pick(head, logSum, params, uniform);
        return fromHead.isPresent()
                ? fromHead.getAsInt()
                : pick(whole.get(), logSum, params, uniform).orElseThrow();
    }

    /** Empty when tokens beyond the ranking could be the one. */
    private static OptionalInt pick(Ranking ranking, float logSum, SamplingParams params, double uniform) {
        int topK = params.topK().orElse(Integer.MAX_VALUE);
        if (topK > ranking.size() && params.topK().isPresent() && !ranking.isComplete()) {
            return OptionalInt.empty();
        }
        var mass = new double[ranking.size()];
        double total = 0;
        int kept = Math.min(topK, ranking.size());
        for (int i = 0; i < kept; i++) {
            mass[i] = Math.exp((double) ranking.logit(i) / params.temperature() - logSum);
            total += mass[i];
        }
        boolean open = !ranking.isComplete() && kept < topK; // tokens beyond the ranking still count
        double whole = open ? Math.max(1, total) : total;
        if (params.topP() < 1) {
            int nucleus = reach(mass, kept, params.topP() * whole);
            open &= nucleus == kept && !reaches(mass, kept, params.topP() * whole);
            kept = nucleus;
        }
        if (params.minP() > 0) {
            int likely = atLeast(mass, kept, params.minP() * mass[0]);
            open &= likely == kept;
            kept = likely;
        }
        double keptMass = sum(mass, kept);
        if (open && (params.topP() < 1 || params.minP() > 0)) {
            return OptionalInt.empty(); // where the filter cuts lies beyond the ranking
        }
        double goal = uniform * (open ? whole : keptMass);
        double reached = 0;
        for (int i = 0; i < kept; i++) {
            reached += mass[i];
            if (reached > goal) {
                return OptionalInt.of(ranking.id(i));
            }
        }
        // Rounding may leave the goal a hair beyond the last token.
        return open ? OptionalInt.empty() : OptionalInt.of(ranking.id(kept - 1));
    }

    /** How many of the first {@code count} are needed for their sum to reach {@code goal}: at least one. */
    private static int reach(double[] mass, int count, double goal) {
        double reached = 0;
        for (int i = 0; i < count; i++) {
            reached += mass[i];
            if (reached >= goal) {
                return i + 1;
            }
        }
        return count;
    }

    private static boolean reaches(double[] mass, int count, double goal) {
        return sum(mass, count) >= goal;
    }

    /** How many of the first {@code count} are no smaller than {@code least}; they descend. */
    private static int atLeast(double[] mass, int count, double least) {
        int kept = 1;
        while (kept < count && mass[kept] >= least) {
            kept++;
        }
        return kept;
    }

    private static double sum(double[] mass, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += mass[i];
        }
        return sum;
    }
}
