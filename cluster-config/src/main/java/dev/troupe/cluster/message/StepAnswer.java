package dev.troupe.cluster.message;

import static dev.troupe.cluster.message.Checks.atLeast;
import static dev.troupe.cluster.message.Checks.notBlank;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Worker to batcher, in answer to {@link StepPlan}. */
public sealed interface StepAnswer {
    /** @return the batcher that sent the plan */
    long incarnation();

    /** @return the plan's */
    long number();

    /**
     * The plan is done.
     *
     * @param incarnation of the batcher that sent the plan
     * @param sampled one for every sampling chunk of the plan; for every decode one, and one more for each right guess, in order
     * @param microseconds that the worker took
     */
    record StepResult(long incarnation, long number, List<Sampled> sampled, long microseconds) implements StepAnswer {
        public StepResult {
            atLeast("number", number, 1);
            sampled = List.copyOf(sampled);
            atLeast("microseconds", microseconds, 0);
        }
    }

    /** The plan does not follow what the worker has done; nothing was run. */
    record ResyncNeeded(long incarnation, long number) implements StepAnswer {}

    /**
     * The plan was not run: the step failed as a whole, and the worker has forgotten everything.
     *
     * @param message for the log
     */
    record StepFailed(long incarnation, long number, String message) implements StepAnswer {
        public StepFailed {
            notBlank("message", message);
        }
    }

    /**
     * The step did not fit into the device's memory. Nothing was computed or sampled, and rows that the step would have written may hold
     * anything; they are to be computed again before they are read.
     *
     * @param forgotten false: everything else of the plan was done, and all that was known before still is; true: not even the copies
     *     could be made, and the worker has forgotten everything
     * @param message for the log
     */
    record OutOfMemory(long incarnation, long number, boolean forgotten, String message) implements StepAnswer {
        public OutOfMemory {
            notBlank("message", message);
        }
    }

    /**
     * One new token.
     *
     * @param finish present when the sequence ends with it
     */
    record Sampled(long sequenceId, int token, Optional<FinishReason> finish) {
        public Sampled {
            Objects.requireNonNull(finish);
        }
    }
}
