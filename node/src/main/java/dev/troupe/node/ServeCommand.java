package dev.troupe.node;

import dev.troupe.cluster.ClusterOptions;
import dev.troupe.store.DatabaseConfig;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "serve", description = "Serve one model from this process, on this machine.", sortOptions = false)
final class ServeCommand implements Callable<Integer> {
    @Option(names = "--host", paramLabel = "ADDRESS", description = "Address to listen at (default: ${DEFAULT-VALUE}).")
    private String host = "127.0.0.1";

    @Option(names = "--port", description = "HTTP port (default: ${DEFAULT-VALUE}).")
    private int port = NodeOptions.DEFAULT_HTTP_PORT;

    @Mixin
    private ModelOptions model;

    @Mixin
    private DataOption data;

    @Mixin
    private DatabaseOptions database;

    @Override
    public Integer call() throws InterruptedException {
        return NodeProcess.run(new NodeOptions(
                Role.ALL,
                Optional.empty(),
                host,
                Optional.of(port),
                ClusterOptions.loopback(),
                data.directory(),
                model.model,
                model.device,
                model.threads,
                model.kernels,
                model.kvMemory(),
                model.drainTimeout,
                model.limits(),
                // A pool of one has nobody to share with.
                0,
                Optional.of(database.database().orElseGet(() -> file(data.directory())))));
    }

    private static DatabaseConfig file(Path data) {
        return DatabaseConfig.file(data.resolve("db").resolve("troupe"));
    }
}
