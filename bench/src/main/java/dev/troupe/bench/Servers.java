package dev.troupe.bench;

import dev.troupe.bench.BenchPlan.Target;
import dev.troupe.bench.load.Endpoint;
import java.net.URI;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say which server is asked, and how, and the same for the second of two. */
final class Servers {
    private Servers() {}

    static final class First {
        @Option(names = "--url", paramLabel = "URL", description = "Server to measure (default: ${DEFAULT-VALUE}).")
        private URI url = URI.create("http://127.0.0.1:8080");

        @Option(names = "--model", paramLabel = "ID", description = "Model to ask (default: the server's first).")
        private String model;

        @Option(names = "--api-key", paramLabel = "KEY", description = "Key to show, of --url.")
        private String apiKey;

        Target target(String name) {
            return Servers.target(name, "--url", url, model, apiKey);
        }
    }

    static final class Second {
        @Option(
                names = "--compare",
                required = true,
                paramLabel = "URL",
                description = "A second server, measured in turn with the first.")
        private URI url;

        @Option(names = "--compare-model", paramLabel = "ID", description = "Model to ask of the second server.")
        private String model;

        @Option(names = "--compare-api-key", paramLabel = "KEY", description = "Key to show, of --compare.")
        private String apiKey;

        Target target(String name) {
            return Servers.target(name, "--compare", url, model, apiKey);
        }
    }

    private static Target target(String name, String option, URI url, String model, String apiKey) {
        return new Target(name, Endpoint.of(option, url, Optional.ofNullable(apiKey)), Optional.ofNullable(model));
    }
}
