package dev.troupe.cache.hazelcast;

import com.hazelcast.map.EntryProcessor;
import java.util.Map;
import java.util.Optional;

/** Takes a turn that nobody has, or keeps one's own. Answers whether it is the request's afterwards. */
record TakeTurn(String requestId, Optional<Long> version, long now) implements EntryProcessor<String, Turn, Boolean> {
    private static final long serialVersionUID = 1L;

    @Override
    public Boolean process(Map.Entry<String, Turn> entry) {
        Turn turn = entry.getValue();
        boolean own = turn != null && turn.isOf(requestId);
        if (turn != null && !own && turn.isKept(now)) {
            return false;
        }
        entry.setValue(new Turn(requestId, own ? version.or(turn::version) : version, now));
        return true;
    }
}
