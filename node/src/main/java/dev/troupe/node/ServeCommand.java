package dev.troupe.node;

import dev.troupe.cluster.ClusterOptions;
import dev.troupe.image.model.BundledModel;
import dev.troupe.store.DatabaseConfig;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "serve", description = "Serve one model from this process, on this machine.", sortOptions = false)
final class ServeCommand implements Callable<Integer> {
    @Mixin
    private AccessOptions access;

    @Option(names = "--port", description = "HTTP port (default: ${DEFAULT-VALUE}).")
    private int port = NodeOptions.DEFAULT_HTTP_PORT;

    @Mixin
    private ModelOptions model;

    @Mixin
    private DataOption data;

    @Mixin
    private DatabaseOptions database;

    @Mixin
    private ImageOptions images;

    @Override
    public Integer call() throws InterruptedException {
        Optional<String> imageModel = model.imageModel(Optional.of(BundledModel.ID));
        return NodeProcess.run(new NodeOptions(
                imageModel.isPresent() ? Role.WITH_PICTURES : Role.ALL,
                Optional.empty(),
                access.host,
                Optional.of(port),
                ClusterOptions.loopback(),
                data.directory(),
                model.model,
                imageModel,
                model.device,
                model.threads,
                model.kernels,
                model.kvMemory(),
                model.drainTimeout,
                model.limits(),
                // A pool of one has nobody to share with.
                0,
                Optional.of(database.database().orElseGet(() -> database.keeping(file(data.directory())))),
                access.access(true),
                images.pictures()));
    }

    private static DatabaseConfig file(Path data) {
        return DatabaseConfig.file(data.resolve("db").resolve("troupe"));
    }
}
