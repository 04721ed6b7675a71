package dev.troupe.cache.hazelcast;

/** Told what goes to and from the pool's memory, on any thread; returns at once. */
public interface PrefixTraffic {
    /** A chunk was stored. */
    void stored(int bytes);

    /** A chunk was dropped because those before it were not yet stored, or storing failed. */
    void dropped();

    /** A fetch came back with so many bytes; 0 for a miss. */
    void fetched(long bytes, long nanos);

    /** A chunk was removed to make room. */
    void evicted();

    PrefixTraffic NONE = new PrefixTraffic() {
        @Override
        public void stored(int bytes) {}

        @Override
        public void dropped() {}

        @Override
        public void fetched(long bytes, long nanos) {}

        @Override
        public void evicted() {}
    };
}
