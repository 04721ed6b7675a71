package dev.troupe.cache.hazelcast;

import com.hazelcast.map.EntryProcessor;
import java.util.Map;

/** Ends the turn of a request, and nobody else's. */
record GiveTurnBack(String requestId) implements EntryProcessor<String, Turn, Boolean> {
    private static final long serialVersionUID = 1L;

    @Override
    public Boolean process(Map.Entry<String, Turn> entry) {
        Turn turn = entry.getValue();
        boolean own = turn != null && turn.isOf(requestId);
        if (own) {
            entry.setValue(null);
        }
        return own;
    }
}
