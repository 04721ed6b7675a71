package dev.troupe.router.http;

import dev.troupe.router.api.ApiError;
import dev.troupe.router.stream.Delta;

/** Where an exchange's text goes. The last call is {@link #finish}, {@link #fail} or {@link #cut}. */
interface Answer {
    /** The pool has taken all of the request. */
    void start();

    void text(int index, Delta delta);

    /** All that came at once has been told. */
    void flush();

    void finish(Usage usage);

    void fail(ApiError error);

    /**
     * Like {@link #fail}, but another router may go on with it: a stream that has begun breaks off, so that nobody takes it for whole and its
     * client comes back.
     */
    default void cut(ApiError error) {
        fail(error);
    }

    /** @return whether the client reads slower than it is written to */
    boolean full();

    /** @return whether it has been full for so long that nobody can be waiting for it; {@code now} in milliseconds */
    default boolean isStalled(long now) {
        return false;
    }

    /** @param resume called whenever it is full no longer */
    default void onRoom(Runnable resume) {}

    /** Time has passed; {@code now} in milliseconds. */
    void tick(long now);
}
