package dev.troupe.router.picture;

import dev.troupe.router.api.ApiError;
import java.util.Optional;
import java.util.OptionalInt;

/** What a user is told of pictures that cannot be made, and how the journal keeps it. */
final class PictureErrors {
    private static final String PARTING = "\n";
    private static final int PARTS = 5;
    private static final int RETRY_SECONDS = 1;

    private PictureErrors() {}

    static ApiError noReplicaLeft(long seconds, ApiError last) {
        return ApiError.unavailable(
                "no_replica_left",
                "The worker that made this picture was lost, and none could go on with it for " + seconds
                        + " s. The last reason: " + last.message(),
                RETRY_SECONDS);
    }

    static ApiError killsWorkers() {
        return ApiError.internal(
                "worker_killed",
                "Three processes died while they worked on this picture, the last one on nothing else. It is not tried again.");
    }

    static ApiError notKept() {
        return ApiError.internal(
                "picture_not_kept", "The picture was made and could not be stored. The server's log says why.");
    }

    static ApiError notWrittenDown() {
        return ApiError.unavailable(
                "journal_unavailable",
                "The order could not be written down, and so it was not begun. Please try again soon.",
                RETRY_SECONDS);
    }

    static String encode(ApiError error) {
        String retry = error.retryAfterSeconds().isPresent()
                ? Integer.toString(error.retryAfterSeconds().getAsInt())
                : "";
        return String.join(
                PARTING,
                Integer.toString(error.status()),
                error.type(),
                error.code().orElse(""),
                retry,
                error.message());
    }

    static ApiError decode(String text) {
        String[] parts = text.split(PARTING, PARTS);
        if (parts.length < PARTS) {
            return ApiError.internal("internal_error", text);
        }
        return new ApiError(
                Integer.parseInt(parts[0]),
                parts[4],
                parts[1],
                Optional.empty(),
                Optional.of(parts[2]).filter(code -> !code.isEmpty()),
                parts[3].isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(parts[3])));
    }
}
