package dev.troupe.batcher;

import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.cluster.message.SamplingParams;
import java.util.ArrayList;
import java.util.List;

/** An admitted request with at least one sequence that has not ended. */
final class LiveRequest {
    /** Tokens that speak for a request: what kills a worker kills the next one at the same token. */
    private static final int PROGRESS = 4;

    private final GenerateRequest message;
    private final boolean keepWarm;
    private final SamplingParams sampling;
    private final List<Sequence> sequences = new ArrayList<>();
    private int live;
    private int lostWorkers;
    private int generatedAtLoss;
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

    /** @return how many workers have died while they computed it, since it last got on by some tokens */
    int workerLost() {
        int now = sequences.stream().mapToInt(Sequence::generated).sum();
        lostWorkers = now - generatedAtLoss >= PROGRESS ? 1 : lostWorkers + 1;
        generatedAtLoss = now;
        return lostWorkers;
    }

    void heard(long nowMillis) {
        lastHeardMillis = nowMillis;
    }

    long lastHeardMillis() {
        return lastHeardMillis;
    }

    /** @return whether that was the last one */
    boolean sequenceEnded() {
        live--;
        return live == 0;
    }
}
