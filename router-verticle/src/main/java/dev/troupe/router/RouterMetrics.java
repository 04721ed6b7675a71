package dev.troupe.router;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import java.util.function.IntSupplier;

/** What a router counts, under vLLM's names with our prefix. Model labels are ids of models that are served, never what a client wrote. */
public final class RouterMetrics {
    /** How a request ended. */
    public enum Outcome {
        SUCCESS,
        /** The client went away. */
        CANCELLED,
        /** Another router has it now. */
        MOVED,
        /** The request was wrong. */
        INVALID,
        /** No room, or nobody there. */
        REJECTED,
        ERROR;

        public String label() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        public static Outcome of(int status) {
            return status == 429 || status == 503 ? REJECTED : status >= 500 ? ERROR : INVALID;
        }
    }

    private final Counter promptTokens;
    private final Counter generationTokens;
    private final Counter requests;
    private final Counter moves;
    private final Counter recomputed;
    private final Histogram timeToFirstToken;
    private final Histogram interTokenLatency;
    private final Histogram requestLatency;
    private final CollectorRegistry registry;

    public RouterMetrics(CollectorRegistry registry) {
        this.registry = registry;
        promptTokens = Counter.build("troupe_prompt_tokens_total", "Prompt tokens of accepted requests.")
                .labelNames("model")
                .register(registry);
        generationTokens = Counter.build(
                        "troupe_generation_tokens_total", "Generated tokens, up to the cut of each text.")
                .labelNames("model")
                .register(registry);
        requests = Counter.build("troupe_requests_total", "Requests to generate, by how they ended.")
                .labelNames("outcome", "model")
                .register(registry);
        moves = Counter.build("troupe_moved_requests_total", "Times that a request went on at another replica.")
                .labelNames("model")
                .register(registry);
        recomputed = Counter.build(
                        "troupe_recomputed_tokens_total",
                        "Tokens of prompts and answers that requests took along to another replica.")
                .labelNames("model")
                .register(registry);
        timeToFirstToken = Histogram.build("troupe_time_to_first_token_seconds", "From the request to its first token.")
                .buckets(.005, .01, .02, .04, .06, .08, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10, 20, 40, 80)
                .labelNames("model")
                .register(registry);
        interTokenLatency = Histogram.build("troupe_inter_token_latency_seconds", "Between tokens of one choice.")
                .buckets(.002, .005, .01, .02, .03, .04, .05, .075, .1, .15, .2, .3, .4, .5, .75, 1, 2.5, 5)
                .labelNames("model")
                .register(registry);
        requestLatency = Histogram.build(
                        "troupe_e2e_request_latency_seconds", "From the request to the end of its answer.")
                .buckets(.05, .1, .3, .5, .8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 60, 120, 240, 480, 960)
                .labelNames("model")
                .register(registry);
    }

    /** Shows how many requests are at work at the time of asking. */
    public void openRequests(IntSupplier open) {
        new Gauge.Builder()
                .name("troupe_router_open_requests")
                .help("Requests to generate that this router is answering.")
                .create()
                .setChild(new Gauge.Child() {
                    @Override
                    public double get() {
                        return open.getAsInt();
                    }
                })
                .register(registry);
    }

    /** @param tokens to be computed anew, at most */
    public void moved(String model, int tokens) {
        moves.labels(model).inc();
        recomputed.labels(model).inc(tokens);
    }

    public void accepted(String model, int tokens) {
        promptTokens.labels(model).inc(tokens);
    }

    public void generated(String model, int tokens) {
        generationTokens.labels(model).inc(tokens);
    }

    public void firstToken(String model, double seconds) {
        timeToFirstToken.labels(model).observe(seconds);
    }

    public void nextToken(String model, double seconds) {
        interTokenLatency.labels(model).observe(seconds);
    }

    public void ended(String model, Outcome outcome, double seconds) {
        requests.labels(outcome.label(), model).inc();
        requestLatency.labels(model).observe(seconds);
    }
}
