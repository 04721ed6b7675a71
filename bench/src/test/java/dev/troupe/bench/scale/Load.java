package dev.troupe.bench.scale;

/** Who asks what and when. */
interface Load {
    /** @param pool to be asked, from now on until the given time */
    void begin(PoolModel pool, long until);

    /** A request of this load is over. */
    void ended(Job job, boolean served);
}
