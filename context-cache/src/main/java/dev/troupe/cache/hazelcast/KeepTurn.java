package dev.troupe.cache.hazelcast;

import com.hazelcast.map.EntryProcessor;
import java.util.Map;

/** Keeps a turn as long as it is the request's; takes none. Answers whether it is. */
record KeepTurn(String requestId, long now) implements EntryProcessor<String, Turn, Boolean> {
    private static final long serialVersionUID = 1L;

    @Override
    public Boolean process(Map.Entry<String, Turn> entry) {
        Turn turn = entry.getValue();
        boolean own = turn != null && turn.isOf(requestId);
        if (own) {
            entry.setValue(new Turn(requestId, turn.version(), now));
        }
        return own;
    }
}
