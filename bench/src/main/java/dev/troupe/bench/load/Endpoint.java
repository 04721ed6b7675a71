package dev.troupe.bench.load;

import dev.troupe.bench.BenchException;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;

/**
 * A server and the leave to ask it.
 *
 * @param base up to and with {@code /v1}
 */
public record Endpoint(URI base, Optional<String> apiKey) {
    public Endpoint {
        Objects.requireNonNull(base, "base");
        Objects.requireNonNull(apiKey, "apiKey");
    }

    /** @param option from which the address comes, for the error */
    public static Endpoint of(String option, URI url, Optional<String> apiKey) {
        if (url.getScheme() == null || !url.getScheme().matches("https?") || url.getHost() == null) {
            throw new BenchException(option + " takes http://host:port, not \"" + url + "\"");
        }
        String text = url.toString().replaceAll("/+$", "");
        return new Endpoint(URI.create(text.endsWith("/v1") ? text : text + "/v1"), apiKey);
    }

    /** @return the address as people write it */
    public String name() {
        String text = base.toString();
        return text.substring(0, text.length() - "/v1".length());
    }

    @Override
    public String toString() {
        return name();
    }
}
