package dev.troupe.cluster.message;

import static dev.troupe.cluster.message.Checks.atLeast;
import static dev.troupe.cluster.message.Checks.notBlank;

import java.util.Objects;

/** Batcher to router, in answer to {@link GenerateRequest}. Lost: the router asks again. */
public sealed interface Admission {

    /** The batcher has it and will end it, once. */
    record Admitted(Attempt attempt) implements Admission {
        public Admitted {
            Objects.requireNonNull(attempt);
        }
    }

    /**
     * The batcher will not do it.
     *
     * @param message for the user: what, and what to do
     * @param retryAfterMillis when it is worth another try; 0 when it never is
     */
    record Refused(Attempt attempt, ErrorCode code, String message, long retryAfterMillis) implements Admission {
        public Refused {
            Objects.requireNonNull(attempt);
            Objects.requireNonNull(code);
            notBlank("message", message);
            atLeast("retryAfterMillis", retryAfterMillis, 0);
        }
    }
}
