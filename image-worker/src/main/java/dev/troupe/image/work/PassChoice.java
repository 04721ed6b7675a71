package dev.troupe.image.work;

import dev.troupe.cluster.tenant.Priority;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which pictures share a pass. First comes the most urgent class; in it the tenant that was given least; of its pictures the one that came
 * first, so that pictures end one after the other and not all late. Whoever is first decides the size, and the others of that size fill the
 * rows in the same order.
 *
 * <p>So that no class starves, the first picture of a tenant's class rises when it has had no step for long, before all others of the class
 * it rises to; with its step it falls back.
 */
final class PassChoice {
    private final TenantShares shares;
    private final long ageMillis;
    private final int maxRows;

    PassChoice(TenantShares shares, long ageMillis, int maxRows) {
        this.shares = shares;
        this.ageMillis = ageMillis;
        this.maxRows = maxRows;
    }

    private record Line(String tenant, Priority priority) {
        static Line of(PictureTask task) {
            return new Line(task.tenant(), task.priority());
        }
    }

    /** @param tasks that have steps left, in the order in which they came */
    List<PictureTask> choose(Collection<PictureTask> tasks, long now) {
        Map<Line, PictureTask> first = new HashMap<>();
        tasks.forEach(task -> first.putIfAbsent(Line.of(task), task));
        List<PictureTask> left = new ArrayList<>(tasks);
        List<PictureTask> chosen = new ArrayList<>();
        Map<String, Double> ahead = new HashMap<>();
        int room = maxRows;
        while (room > 0) {
            int rows = room;
            Optional<PictureTask> next = left.stream()
                    .filter(task -> task.width() <= rows && mayJoin(task, chosen))
                    .min(Comparator.comparing((PictureTask task) -> urgency(task, first, now))
                            .thenComparing(task -> !hasRisen(task, first, now))
                            .thenComparingDouble(
                                    task -> shares.of(task.tenant()) + ahead.getOrDefault(task.tenant(), 0.0))
                            .thenComparingLong(PictureTask::arrival));
            if (next.isEmpty()) {
                break;
            }
            PictureTask task = next.get();
            chosen.add(task);
            left.remove(task);
            ahead.merge(task.tenant(), (double) task.width() / task.weight(), Double::sum);
            room -= task.width();
        }
        return chosen;
    }

    private static boolean mayJoin(PictureTask task, List<PictureTask> chosen) {
        if (chosen.isEmpty()) {
            return true;
        }
        PictureTask leader = chosen.get(0);
        return !task.isAlone() && !leader.isAlone() && task.size().equals(leader.size());
    }

    private boolean hasRisen(PictureTask task, Map<Line, PictureTask> first, long now) {
        return task.sinceStep(now) >= ageMillis && first.get(Line.of(task)) == task;
    }

    private Priority urgency(PictureTask task, Map<Line, PictureTask> first, long now) {
        if (!hasRisen(task, first, now)) {
            return task.priority();
        }
        Priority once = task.priority().raised();
        return task.sinceStep(now) / 2 >= ageMillis ? once.raised() : once;
    }
}
