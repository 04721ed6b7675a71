package dev.troupe.batcher;

import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.StreamAck;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Acknowledgements on their way to the worker; of several for one choice the greatest says it all. */
final class AckRelay {
    private record Stream(Attempt attempt, int choice) {}

    private final Map<Stream, StreamAck> greatest = new LinkedHashMap<>();

    void add(StreamAck ack) {
        greatest.merge(
                new Stream(ack.attempt(), ack.choice()),
                ack,
                (before, now) -> now.received() > before.received() ? now : before);
    }

    List<StreamAck> take() {
        List<StreamAck> taken = new ArrayList<>(greatest.values());
        greatest.clear();
        return taken;
    }
}
