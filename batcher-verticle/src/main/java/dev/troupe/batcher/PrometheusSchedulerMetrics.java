package dev.troupe.batcher;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;

/** {@link SchedulerMetrics} for Prometheus under vLLM's names. One of it serves all replicas of a process, see {@link #of}. */
public final class PrometheusSchedulerMetrics {
    private static final double[] SECONDS_OF_STEP = {.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5};
    private static final double[] SECONDS_OF_QUEUE = {.005, .01, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60};
    private static final double[] SECONDS_OF_FETCH = {.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 5};
    private static final double[] ROWS = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512};

    private final Gauge running;
    private final Gauge waiting;
    private final Gauge kvUsage;
    private final Counter preemptions;
    private final Counter outOfMemory;
    private final Counter prefixQueries;
    private final Counter prefixHits;
    private final Counter offered;
    private final Counter poolQueries;
    private final Counter poolHits;
    private final Histogram fetchSeconds;
    private final Histogram rows;
    private final Histogram stepSeconds;
    private final Histogram queueSeconds;

    /** @param registry where the metrics are registered; refuses to have them twice */
    public PrometheusSchedulerMetrics(CollectorRegistry registry) {
        running = gauge(registry, "troupe_num_requests_running", "Sequences in the batch");
        waiting = gauge(registry, "troupe_num_requests_waiting", "Sequences in the queue");
        kvUsage =
                gauge(registry, "troupe_kv_cache_usage_ratio", "Share of the memory of live sequences in use, 0 to 1");
        preemptions = counter(registry, "troupe_num_preemptions_total", "Running sequences that gave their slot back");
        outOfMemory = counter(
                registry, "troupe_out_of_memory_total", "Steps that did not fit into memory and were tried with less");
        prefixQueries = counter(registry, "troupe_prefix_cache_queries_total", "Tokens looked up in the prefix cache");
        prefixHits = counter(registry, "troupe_prefix_cache_hits_total", "Tokens found in the prefix cache");
        offered = counter(
                registry, "troupe_pool_prefix_offered_total", "Tokens of hot prefixes that were offered to the pool");
        poolQueries = counter(registry, "troupe_pool_prefix_queries_total", "Tokens looked up in the pool's memory");
        poolHits = counter(registry, "troupe_pool_prefix_hits_total", "Tokens found in the pool's memory");
        fetchSeconds = histogram(
                registry, "troupe_pool_prefix_fetch_seconds", "Time until the pool had answered", SECONDS_OF_FETCH);
        rows = histogram(registry, "troupe_step_rows", "Tokens that went through the model in a step", ROWS);
        stepSeconds = histogram(registry, "troupe_step_duration_seconds", "Time of a step", SECONDS_OF_STEP);
        queueSeconds = histogram(
                registry, "troupe_request_queue_time_seconds", "Time until a sequence first ran", SECONDS_OF_QUEUE);
    }

    /** @param model the label: its id in the API */
    public SchedulerMetrics of(String model) {
        return new OfModel(model);
    }

    private static Gauge gauge(CollectorRegistry registry, String name, String help) {
        return Gauge.build(name, help).labelNames("model").register(registry);
    }

    private static Counter counter(CollectorRegistry registry, String name, String help) {
        return Counter.build(name, help).labelNames("model").register(registry);
    }

    private static Histogram histogram(CollectorRegistry registry, String name, String help, double... buckets) {
        return Histogram.build(name, help).labelNames("model").buckets(buckets).register(registry);
    }

    private final class OfModel implements SchedulerMetrics {
        private final String model;

        OfModel(String model) {
            this.model = model;
        }

        @Override
        public void started(long queuedMillis) {
            queueSeconds.labels(model).observe(queuedMillis / 1e3);
        }

        @Override
        public void preempted() {
            preemptions.labels(model).inc();
        }

        @Override
        public void outOfMemory() {
            outOfMemory.labels(model).inc();
        }

        @Override
        public void prefixQueried(int tokens, int cached) {
            prefixQueries.labels(model).inc(tokens);
            prefixHits.labels(model).inc(cached);
        }

        @Override
        public void prefixOffered(int tokens) {
            offered.labels(model).inc(tokens);
        }

        @Override
        public void prefixFetched(int tokens, int found, long millis) {
            poolQueries.labels(model).inc(tokens);
            poolHits.labels(model).inc(found);
            fetchSeconds.labels(model).observe(millis / 1e3);
        }

        @Override
        public void stepped(int stepRows, long microseconds) {
            rows.labels(model).observe(stepRows);
            stepSeconds.labels(model).observe(microseconds / 1e6);
        }

        @Override
        public void state(int runningNow, int waitingNow, double kvUsageNow) {
            running.labels(model).set(runningNow);
            waiting.labels(model).set(waitingNow);
            kvUsage.labels(model).set(kvUsageNow);
        }
    }
}
