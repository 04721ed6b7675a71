package dev.troupe.router.generate;

import dev.troupe.cluster.Addresses;
import dev.troupe.cluster.Bus;
import dev.troupe.cluster.message.StreamAck;
import dev.troupe.cluster.message.StreamAcks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Acknowledgements on their way: streams that run in step are due together, and one message a replica takes them all. */
final class AckOutbox {
    private final Bus bus;
    private final Map<String, List<StreamAck>> byReplica = new LinkedHashMap<>();

    AckOutbox(Bus bus) {
        this.bus = bus;
    }

    /** To be sent with the next {@link #flush}. */
    void add(String replicaId, List<StreamAck> acks) {
        if (!acks.isEmpty()) {
            byReplica.computeIfAbsent(replicaId, first -> new ArrayList<>()).addAll(acks);
        }
    }

    void flush() {
        if (!byReplica.isEmpty()) {
            byReplica.forEach((replicaId, acks) -> bus.send(Addresses.acks(replicaId), new StreamAcks(acks)));
            byReplica.clear();
        }
    }
}
