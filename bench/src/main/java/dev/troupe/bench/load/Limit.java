package dev.troupe.bench.load;

import java.time.Duration;

/** When no further request is sent; those on their way are awaited. */
public sealed interface Limit {

    /** @return whether one more may be sent */
    boolean allows(long alreadySent, Duration sinceStart);

    /** So many requests. */
    record Requests(long count) implements Limit {
        @Override
        public boolean allows(long alreadySent, Duration sinceStart) {
            return alreadySent < count;
        }
    }

    /** As many as go out in so long. */
    record Time(Duration span) implements Limit {
        @Override
        public boolean allows(long alreadySent, Duration sinceStart) {
            return sinceStart.compareTo(span) < 0;
        }
    }
}
