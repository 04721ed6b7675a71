package dev.troupe.node;

import dev.troupe.cache.hazelcast.PrefixTraffic;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import java.util.function.LongSupplier;

/** What this process gives to the pool's memory of prefixes and takes from it, in bytes; in tokens the batcher counts. */
final class PrefixMetrics implements PrefixTraffic {
    private final CollectorRegistry registry;
    private final Counter stored;
    private final Counter storedBytes;
    private final Counter dropped;
    private final Counter evicted;
    private final Counter fetchedBytes;
    private final Counter readSeconds;

    PrefixMetrics(CollectorRegistry registry) {
        this.registry = registry;
        stored = counter("troupe_pool_prefix_stored_chunks_total", "Parts of hot prefixes stored in the pool's memory");
        storedBytes = counter("troupe_pool_prefix_stored_bytes_total", "Bytes of them");
        dropped = counter(
                "troupe_pool_prefix_dropped_chunks_total",
                "Parts that were not stored, because too many waited or it failed");
        evicted = counter("troupe_pool_prefix_evicted_chunks_total", "Parts removed from this process to make room");
        fetchedBytes = counter("troupe_pool_prefix_fetched_bytes_total", "Bytes fetched from the pool's memory");
        readSeconds = counter("troupe_pool_prefix_read_seconds_total", "Time that fetching took, misses too");
    }

    private Counter counter(String name, String help) {
        return Counter.build(name, help).register(registry);
    }

    /** @param bytes that lie on this process, copies of others' included */
    void held(LongSupplier bytes) {
        Gauge.build("troupe_pool_prefix_held_bytes", "Bytes of the pool's memory of prefixes in this process")
                .create()
                .setChild(new Gauge.Child() {
                    @Override
                    public double get() {
                        return bytes.getAsLong();
                    }
                })
                .register(registry);
    }

    @Override
    public void stored(int bytes) {
        stored.inc();
        storedBytes.inc(bytes);
    }

    @Override
    public void dropped() {
        dropped.inc();
    }

    @Override
    public void fetched(long bytes, long nanos) {
        fetchedBytes.inc((double) bytes);
        readSeconds.inc(nanos / 1e9);
    }

    @Override
    public void evicted() {
        evicted.inc();
    }
}
