package dev.troupe.batcher;

import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.cluster.message.SamplingParams;
import dev.troupe.cluster.message.StreamState;
import java.util.ArrayList;
import java.util.List;

/** An admitted request with at least one sequence that has not ended. */
final class LiveRequest {
    private final GenerateRequest message;
    private final boolean keepWarm;
    private final SamplingParams sampling;
    private final List<Sequence> sequences = new ArrayList<>();
    private int live;
    private long lastHeardMillis;

    /**
     * @param keepWarm whether it is a turn of a conversation that will go on
     * @param maxTokens what of the request's own wish fits into the context
     */
    LiveRequest(GenerateRequest message, boolean keepWarm, int maxTokens, long firstSequenceId, long nowMillis) {
        this.message = message;
        this.keepWarm = keepWarm;
        this.sampling = message.sampling().withMaxTokens(maxTokens);
        this.lastHeardMillis = nowMillis;
        for (int choice = 0; choice < message.choices(); choice++) {
            Sequence sequence = new Sequence(firstSequenceId + choice, this, choice, nowMillis);
            sequences.add(sequence);
            live += sequence.ended() ? 0 : 1;
        }
    }

    GenerateRequest message() {
        return message;
    }

    boolean keepWarm() {
        return keepWarm;
    }

    Attempt attempt() {
        return message.attempt();
    }

    SamplingParams sampling() {
        return sampling;
    }

    List<Sequence> sequences() {
        return sequences;
    }

    /** The choice whose computed prompt the others take from the cache. */
    Sequence leader() {
        return sequences.get(0);
    }

    void heard(long nowMillis) {
        lastHeardMillis = nowMillis;
    }

    long lastHeardMillis() {
        return lastHeardMillis;
    }

    StreamState alive() {
        return new StreamState(
                StreamState.Status.ALIVE,
                sequences.stream().map(Sequence::generated).toList());
    }

    /** @return whether that was the last one */
    boolean sequenceEnded() {
        live--;
        return live == 0;
    }
}
