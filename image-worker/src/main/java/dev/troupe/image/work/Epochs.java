package dev.troupe.image.work;

import dev.troupe.cluster.message.Attempt;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Attempts that have ended here, for a while, so that a late duplicate does not begin one again. */
final class Epochs {
    private static final int MOST = 10_000;

    private record Seen(int epoch, long atMillis) {}

    private final long memoryMillis;
    // In the order in which they ended.
    private final LinkedHashMap<String, Seen> byPicture = new LinkedHashMap<>();

    Epochs(long memoryMillis) {
        this.memoryMillis = memoryMillis;
    }

    void ended(Attempt attempt, long now) {
        Seen before = byPicture.remove(attempt.requestId());
        int epoch = before == null ? attempt.epoch() : Math.max(before.epoch(), attempt.epoch());
        byPicture.put(attempt.requestId(), new Seen(epoch, now));
        if (byPicture.size() > MOST) {
            byPicture.remove(byPicture.keySet().iterator().next());
        }
    }

    /** @return 0 when none is known */
    int newest(String pictureId) {
        Seen seen = byPicture.get(pictureId);
        return seen == null ? 0 : seen.epoch();
    }

    void expire(long now) {
        Iterator<Map.Entry<String, Seen>> oldest = byPicture.entrySet().iterator();
        while (oldest.hasNext() && oldest.next().getValue().atMillis() + memoryMillis <= now) {
            oldest.remove();
        }
    }
}
