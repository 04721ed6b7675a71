package dev.troupe.router.replica;

/**
 * The time in which a router could hear the others, in milliseconds. While its event loop was busy, their heartbeats waited unread, and
 * those of a batcher on the same loop were not even sent: that is no silence of theirs.
 */
public final class ListeningTime {
    private final long longestPause;
    private long lastNow;
    private long listened;

    /** @param longestPause between two calls that counts whole; of a longer one only so much counts */
    public ListeningTime(long longestPause, long now) {
        this.longestPause = longestPause;
        this.lastNow = now;
    }

    /** To be called with every heartbeat and on a timer. */
    public long at(long now) {
        listened += Math.min(now - lastNow, longestPause);
        lastNow = now;
        return listened;
    }
}
