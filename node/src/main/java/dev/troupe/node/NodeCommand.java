package dev.troupe.node;

import dev.troupe.image.model.BundledModel;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "node",
        description = "Be one process of a pool. Any router of the pool serves every model of the pool.",
        sortOptions = false)
final class NodeCommand implements Callable<Integer> {
    @Option(
            names = "--roles",
            split = ",",
            required = true,
            paramLabel = "ROLE",
            description =
                    "Parts of this process: router (HTTP), batcher (plans the steps of a model), worker (runs them),"
                            + " image-worker (makes pictures; needs --image-model).")
    private List<Role> roles;

    @Option(
            names = "--replica",
            paramLabel = "NAME",
            description =
                    "Name that a batcher and its worker share when they are two processes. A batcher waits for the"
                            + " worker of its name and needs no model. One of each to a name: a second one is not noticed, and"
                            + " answers go wrong.")
    private String replica;

    @Mixin
    private AccessOptions access;

    @Option(
            names = "--port",
            description =
                    "HTTP port (default: 8080 for a router). Without a router it answers /health and /metrics only,"
                            + " and only when it is named.")
    private Integer port;

    @Mixin
    private PoolOptions pool;

    @Option(
            names = "--shared-cache-memory",
            paramLabel = "SIZE",
            converter = MemorySize.OrNone.class,
            description = "Java heap of this process for hot prefixes of prompts that the replicas of the pool share; 0"
                    + " for none, in which case its replica shares nothing either (default: a quarter of"
                    + " Java's heap, at most 256m). Give every process of a pool about the same.")
    private long sharedCacheMemory = NodeOptions.defaultSharedCacheMemory();

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
        Set<Role> parts = Role.checked(roles);
        return NodeProcess.run(new NodeOptions(
                parts,
                Optional.ofNullable(replica),
                access.host,
                Optional.ofNullable(port),
                pool.cluster(System.getenv()),
                data.directory(),
                model.model,
                model.imageModel(parts.contains(Role.IMAGE_WORKER) ? Optional.of(BundledModel.ID) : Optional.empty()),
                model.device,
                model.threads,
                model.kernels,
                model.kvMemory(),
                model.drainTimeout,
                model.limits(),
                sharedCacheMemory,
                database.database(),
                access.access(parts.contains(Role.ROUTER)),
                images.pictures()));
    }
}
