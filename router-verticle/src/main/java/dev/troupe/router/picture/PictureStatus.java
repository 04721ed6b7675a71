package dev.troupe.router.picture;

import dev.troupe.router.api.ApiError;
import java.util.Optional;

/**
 * Where a job is.
 *
 * @param place how many are before it while it waits, from 1; 0 otherwise
 * @param done steps, of {@code of}; 0 of 0 as long as nobody has begun
 * @param error why it failed, where it has
 */
public record PictureStatus(PictureOrder order, State state, int place, int done, int of, Optional<ApiError> error) {
    /** The order is part of the stored form: append only. */
    public enum State {
        QUEUED,
        RUNNING,
        COMPLETED,
        FAILED,
        CANCELLED;

        public boolean isOver() {
            return compareTo(RUNNING) > 0;
        }
    }
}
