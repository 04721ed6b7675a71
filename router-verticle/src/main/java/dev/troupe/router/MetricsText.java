package dev.troupe.router;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** A registry in Prometheus' text form, for every process that shows one. */
public final class MetricsText {
    private MetricsText() {}

    /** Asks every collector, which may take milliseconds: not for an event loop. */
    public static String of(CollectorRegistry registry) {
        StringWriter text = new StringWriter();
        try {
            TextFormat.write004(text, registry.metricFamilySamples());
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to write", e);
        }
        return text.toString();
    }

    /** Answers with what {@link #of} gave; to a client that has gone, nothing. */
    public static void answer(HttpServerResponse response, String text) {
        if (!response.closed()) {
            response.putHeader("content-type", TextFormat.CONTENT_TYPE_004).end(text);
        }
    }
}
