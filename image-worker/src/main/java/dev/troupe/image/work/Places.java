package dev.troupe.image.work;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** How many pictures begin before another, if nobody else comes: all of its tenant's that came before it, and of the others as many as fall due by their weights. */
final class Places {
    /** @return from 1 */
    int of(PictureTask task, Collection<PictureTask> tasks) {
        int own = 0;
        int ahead = 0;
        Map<String, Integer> others = new HashMap<>();
        Map<String, Integer> weights = new HashMap<>();
        for (PictureTask other : tasks) {
            if (other == task || !other.isWorkLeft() || other.hasBegun()) {
                continue;
            }
            int urgency = other.priority().compareTo(task.priority());
            if (urgency < 0) {
                ahead++;
            } else if (urgency == 0 && other.tenant().equals(task.tenant())) {
                own += other.arrival() < task.arrival() ? 1 : 0;
            } else if (urgency == 0) {
                others.merge(other.tenant(), 1, Integer::sum);
                weights.put(other.tenant(), other.weight());
            }
        }
        for (Map.Entry<String, Integer> other : others.entrySet()) {
            long due = ((long) own * weights.get(other.getKey()) + task.weight() - 1) / task.weight();
            ahead += (int) Math.min(other.getValue(), due);
        }
        return 1 + own + ahead;
    }
}
