package dev.troupe.cluster.message;

import java.util.List;

/** Several acknowledgements of one router for one batcher. */
public record StreamAcks(List<StreamAck> acks) {
    public StreamAcks {
        acks = List.copyOf(acks);
    }
}
