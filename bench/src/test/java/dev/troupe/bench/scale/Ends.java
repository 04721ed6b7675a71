package dev.troupe.bench.scale;

import java.util.HashSet;
import java.util.Set;

/** A load that notes which of its requests are over. */
final class Ends implements Load {
    final Set<Long> seen = new HashSet<>();
    int twice;

    private final Load load;

    Ends(Load load) {
        this.load = load;
    }

    @Override
    public void begin(PoolModel pool, long until) {
        load.begin(pool, until);
    }

    @Override
    public void ended(Job job, boolean served) {
        twice += seen.add(job.id) ? 0 : 1;
        load.ended(job, served);
    }
}
