package dev.troupe.image.work;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;

/** {@link PictureMetrics} for Prometheus, by model. */
public final class PrometheusPictureMetrics {
    private static final double[] ROWS = {1, 2, 4, 6, 8, 12, 16, 32};
    private static final double[] SECONDS_OF_PASS = {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};
    private static final double[] SECONDS_OF_PICTURE = {.1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300};

    private final Counter steps;
    private final Histogram rows;
    private final Histogram passSeconds;
    private final Histogram pictureSeconds;
    private final Counter failures;
    private final Gauge running;
    private final Gauge waiting;

    /** @param registry where the metrics are registered; refuses to have them twice */
    public PrometheusPictureMetrics(CollectorRegistry registry) {
        steps = Counter.build("troupe_picture_steps_total", "Steps of pictures that were done")
                .labelNames("model")
                .register(registry);
        rows = histogram(registry, "troupe_picture_pass_rows", "Rows that went through the network together", ROWS);
        passSeconds = histogram(
                registry, "troupe_picture_pass_duration_seconds", "Time of a pass, all that it does", SECONDS_OF_PASS);
        pictureSeconds = histogram(
                registry,
                "troupe_picture_duration_seconds",
                "Time from a picture's coming to a worker until it is made",
                SECONDS_OF_PICTURE);
        failures = Counter.build("troupe_picture_failures_total", "Pictures that workers could not make")
                .labelNames("model")
                .register(registry);
        running = gauge(registry, "troupe_num_pictures_running", "Pictures that have done a step");
        waiting = gauge(registry, "troupe_num_pictures_waiting", "Pictures that have not done a step");
    }

    private static Histogram histogram(CollectorRegistry registry, String name, String help, double... buckets) {
        return Histogram.build(name, help).labelNames("model").buckets(buckets).register(registry);
    }

    private static Gauge gauge(CollectorRegistry registry, String name, String help) {
        return Gauge.build(name, help).labelNames("model").register(registry);
    }

    /** @param model the label: its id in the API */
    public PictureMetrics of(String model) {
        return new PictureMetrics() {
            @Override
            public void passed(int passRows, int passSteps, long micros) {
                steps.labels(model).inc(passSteps);
                rows.labels(model).observe(passRows);
                passSeconds.labels(model).observe(micros / 1e6);
            }

            @Override
            public void ended(boolean made, long millis) {
                if (made) {
                    pictureSeconds.labels(model).observe(millis / 1e3);
                } else {
                    failures.labels(model).inc();
                }
            }

            @Override
            public void load(int nowRunning, int nowWaiting) {
                running.labels(model).set(nowRunning);
                waiting.labels(model).set(nowWaiting);
            }
        };
    }
}
