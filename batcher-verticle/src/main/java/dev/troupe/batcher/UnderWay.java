package dev.troupe.batcher;

import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.StepAnswer;
import dev.troupe.cluster.message.StepAnswer.StepResult;
import dev.troupe.cluster.message.StepPlan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A plan that the worker has, or is to have.
 *
 * @param computing who has rows in it, by id
 * @param leaving who leaves, and what its router is told of it
 */
record UnderWay(StepPlan plan, Map<Long, Sequence> computing, Map<Sequence, Optional<FinishReason>> leaving) {
    boolean isAnsweredBy(StepAnswer answer) {
        return answer.incarnation() == plan.incarnation() && answer.number() == plan.number();
    }

    /** Whether exactly those sequences got tokens that should have, and no more than they should. */
    boolean isComplete(StepResult result) {
        Map<Long, Integer> most = new HashMap<>();
        plan.decodes().forEach(decode -> most.put(decode.sequenceId(), 1 + decode.guesses()));
        plan.chunks().stream().filter(StepPlan.Chunk::sample).forEach(chunk -> most.put(chunk.sequenceId(), 1));
        Map<Long, Integer> got = new HashMap<>();
        result.sampled().forEach(sampled -> got.merge(sampled.sequenceId(), 1, Integer::sum));
        return got.keySet().equals(most.keySet())
                && got.entrySet().stream().allMatch(entry -> entry.getValue() <= most.get(entry.getKey()));
    }

    /** @return who computes and has not ended meanwhile */
    List<Sequence> living() {
        return computing.values().stream().filter(sequence -> !sequence.ended()).toList();
    }
}
