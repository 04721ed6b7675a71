package dev.troupe.router.generate;

import dev.troupe.cluster.message.Admission.Refused;
import dev.troupe.router.api.ApiError;
import java.util.Optional;
import java.util.OptionalInt;

/** What a user is told when the pool cannot do it. */
public final class Refusals {
    private static final int RETRY_SECONDS = 1;
    private static final int OUT_OF_MEMORY_SECONDS = 10;
    private static final int CUT_OFF_SECONDS = 5;
    private static final String NO_MAJORITY = "no_majority";
    private static final String DEADLINE = "deadline_unreachable";

    private Refusals() {}

    public static ApiError noReplica(String model) {
        return ApiError.unavailable(
                "no_replica", "No replica serves the model `" + model + "` now. Please try again soon.", RETRY_SECONDS);
    }

    /** This router is on the smaller side of a split. */
    public static ApiError noMajority() {
        return ApiError.unavailable(
                NO_MAJORITY,
                "This server has lost sight of most of its pool and takes no requests. Please ask another server, or try again later.",
                CUT_OFF_SECONDS);
    }

    static ApiError replicaLost() {
        return ApiError.internal(
                "replica_lost", "The replica that worked on this answer was lost. Please send the request again.");
    }

    /** This router has nothing more to say of it, and another has. */
    public static ApiError moved() {
        return ApiError.unavailable(
                "moved", "Another router goes on with this request. Please ask again.", RETRY_SECONDS);
    }

    /** Nobody could go on with what had begun, for longer than anybody waits. */
    static ApiError noReplicaLeft(long seconds, ApiError last) {
        return ApiError.unavailable(
                "no_replica_left",
                "The replica that worked on this answer was lost, and none could go on with it for " + seconds
                        + " s. The last reason: " + last.message(),
                RETRY_SECONDS);
    }

    static ApiError killsWorkers() {
        return ApiError.internal(
                "worker_killed",
                "Three processes died while they worked on this request, the last one on nothing else. It is not tried again.");
    }

    static ApiError brokenOff() {
        return ApiError.internal(
                "generation_failed", "The model could not go on with this answer. The server's log says why.");
    }

    static ApiError outOfMemory() {
        return ApiError.unavailable(
                "out_of_memory",
                "The server has not enough memory now to go on with this answer. Please try again later, or with a shorter prompt.",
                OUT_OF_MEMORY_SECONDS);
    }

    /** What waited for longer than its client would. */
    static ApiError late() {
        return ApiError.unavailable(
                DEADLINE,
                "The first token did not come before the request's deadline. Please allow more time, or try again later.",
                RETRY_SECONDS);
    }

    /** Too many of the caller's requests wait everywhere. */
    public static ApiError queueFull(String model, long retryAfterMillis) {
        int seconds = seconds(retryAfterMillis);
        return ApiError.rateLimited(
                "Too many requests wait for the model `" + model + "`. Please try again in " + seconds + " s.",
                seconds);
    }

    /** Our own fault. */
    public static ApiError internal() {
        return ApiError.internal("internal_error", "The server made an error. Its log says which.");
    }

    /** What a replica's refusal is to the user. */
    public static ApiError of(Refused refused) {
        int retrySeconds = seconds(refused.retryAfterMillis());
        return switch (refused.code()) {
            case CONTEXT_LENGTH_EXCEEDED -> user("context_length_exceeded", refused);
            case INVALID_REQUEST -> user("invalid_request", refused);
            case QUEUE_FULL -> ApiError.rateLimited(refused.message(), retrySeconds);
            case DRAINING, NO_REPLICA -> ApiError.unavailable("no_replica", refused.message(), retrySeconds);
            case NO_MAJORITY -> ApiError.unavailable(NO_MAJORITY, refused.message(), retrySeconds);
            case DEADLINE_UNREACHABLE -> ApiError.unavailable(DEADLINE, refused.message(), retrySeconds);
            case REPLICA_LOST -> replicaLost();
            case STALE_ATTEMPT, INTERNAL -> internal();
        };
    }

    private static int seconds(long millis) {
        return (int) Math.max(1, Math.min(3600, (millis + 999) / 1000));
    }

    private static ApiError user(String code, Refused refused) {
        return new ApiError(
                400,
                refused.message(),
                "invalid_request_error",
                Optional.empty(),
                Optional.of(code),
                OptionalInt.empty());
    }
}
