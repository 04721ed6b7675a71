package dev.troupe.bench;

import dev.troupe.bench.BenchPlan.Target;
import dev.troupe.bench.load.Endpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say which server is asked, and how, and the same for the second of two. */
final class Servers {
    private static final String API_KEY = "TROUPE_API_KEY";

    private Servers() {}

    static final class First {
        @Option(names = "--url", paramLabel = "URL", description = "Server to measure (default: ${DEFAULT-VALUE}).")
        private URI url = URI.create("http://127.0.0.1:8080");

        @Option(names = "--model", paramLabel = "ID", description = "Model to ask (default: the server's first).")
        private String model;

        @Option(names = "--api-key", paramLabel = "KEY", description = "Key to show, of --url.")
        private String apiKey;

        @Option(
                names = "--api-key-file",
                paramLabel = "FILE",
                description = "Instead: file whose first line is that key (default: $$" + API_KEY + ", else none).")
        private Path apiKeyFile;

        Target target(String name) {
            return Servers.target(name, "--url", url, model, key(System.getenv()));
        }

        private String key(Map<String, String> environment) {
            if (apiKey != null) {
                return apiKey;
            }
            if (apiKeyFile == null) {
                return environment.get(API_KEY);
            }
            try {
                return Files.readString(apiKeyFile)
                        .lines()
                        .findFirst()
                        .map(String::strip)
                        .orElse(null);
            } catch (IOException e) {
                throw new BenchException("cannot read --api-key-file " + apiKeyFile + ": " + e, e);
            }
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
