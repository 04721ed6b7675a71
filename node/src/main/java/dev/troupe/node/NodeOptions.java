package dev.troupe.node;

import dev.troupe.cluster.ClusterOptions;
import dev.troupe.router.Access;
import dev.troupe.router.picture.PictureConfig;
import dev.troupe.store.DatabaseConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/**
 * What one process shall be.
 *
 * @param roles its parts
 * @param replica what the batcher and the worker of one replica have in common; empty: made up, where both are in this process
 * @param httpHost address that HTTP binds to
 * @param httpPort port of HTTP; 0 takes any free one; empty: {@value #DEFAULT_HTTP_PORT} with a router, no HTTP without
 * @param cluster how it finds the others
 * @param data folder of models and native libraries
 * @param model name, file or directory; used when it has a worker
 * @param imageModel directory of the picture model; with the image-worker role, and only then
 * @param device {@code auto}, {@code cpu} or {@code cuda:N}
 * @param threads of one step on the CPU; 0: one a core
 * @param kernels what computes on the CPU
 * @param kvMemory bytes for keys and values; empty: a share of what is available
 * @param drainTimeout how long running requests may take to end when the process is told to stop
 * @param limits how many may ask at once
 * @param sharedCacheMemory bytes of Java's heap for prefixes that the pool shares; 0: none, and its replica shares nothing
 * @param database of what outlasts the pool; empty: nothing does
 * @param access who may ask its router, and how that is encrypted
 * @param pictures how its router serves them
 */
public record NodeOptions(
        Set<Role> roles,
        Optional<String> replica,
        String httpHost,
        Optional<Integer> httpPort,
        ClusterOptions cluster,
        Path data,
        String model,
        Optional<String> imageModel,
        String device,
        int threads,
        Kernels kernels,
        Optional<Long> kvMemory,
        Duration drainTimeout,
        Limits limits,
        long sharedCacheMemory,
        Optional<DatabaseConfig> database,
        Access access,
        PictureConfig pictures) {

    public static final int DEFAULT_HTTP_PORT = 8080;
    private static final long MOST_SHARED_CACHE_MEMORY_BY_DEFAULT = 256L << 20;

    // No dots: they part the words of an address.
    private static final Pattern REPLICA = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    public NodeOptions {
        roles = Role.checked(roles);
        checkReplica(roles, replica);
        Objects.requireNonNull(httpHost);
        Objects.requireNonNull(cluster);
        Objects.requireNonNull(data);
        Objects.requireNonNull(model);
        checkImages(roles, imageModel);
        Objects.requireNonNull(kernels);
        Objects.requireNonNull(kvMemory);
        Objects.requireNonNull(drainTimeout);
        Objects.requireNonNull(limits);
        Objects.requireNonNull(access);
        Objects.requireNonNull(pictures);
        if (database.isPresent() && !roles.contains(Role.ROUTER)) {
            throw new UserError(
                    "--db-url is for a process with a router, which alone keeps anything; leave it out here");
        }
        if (httpPort.isPresent() && (httpPort.get() < 0 || httpPort.get() > 65535)) {
            throw new UserError("--port must be between 0 and 65535, not " + httpPort.get());
        }
        if (!device.matches("auto|cpu|cuda:\\d{1,3}")) {
            throw new UserError("--device takes auto, cpu or cuda:N, not \"" + device + "\"");
        }
        if (threads < 0 || threads > 1024) {
            throw new UserError("--threads must be between 0 (one a core) and 1024, not " + threads);
        }
        checkSharedCacheMemory(sharedCacheMemory);
    }

    static long defaultSharedCacheMemory() {
        return Math.min(
                MOST_SHARED_CACHE_MEMORY_BY_DEFAULT, Runtime.getRuntime().maxMemory() / 4);
    }

    private static void checkSharedCacheMemory(long bytes) {
        long heap = Runtime.getRuntime().maxMemory();
        if (bytes > heap / 2) {
            throw new UserError(
                    "--shared-cache-memory " + MemorySize.text(bytes) + " is more than half of Java's heap of "
                            + MemorySize.text(heap) + "; give less of it, or Java more with -Xmx");
        }
    }

    private static void checkImages(Set<Role> roles, Optional<String> imageModel) {
        boolean makesPictures = roles.contains(Role.IMAGE_WORKER);
        if (makesPictures && imageModel.isEmpty()) {
            throw new UserError(
                    "an image-worker needs a model: leave --image-model none out, or leave image-worker out of --roles");
        }
        if (!makesPictures && imageModel.isPresent()) {
            throw new UserError(
                    "--image-model is for a process that makes pictures; add image-worker to its --roles, or leave it out");
        }
    }

    private static void checkReplica(Set<Role> roles, Optional<String> replica) {
        boolean plans = roles.contains(Role.BATCHER);
        boolean works = roles.contains(Role.WORKER);
        if (plans != works && replica.isEmpty()) {
            throw new UserError("a " + (plans ? "batcher without its worker" : "worker without its batcher")
                    + " needs --replica NAME, the same name for both; or give --roles batcher,worker");
        }
        if (!plans && !works && replica.isPresent()) {
            throw new UserError("--replica names a batcher and its worker; this process has neither, leave it out");
        }
        if (replica.isPresent() && !REPLICA.matcher(replica.get()).matches()) {
            throw new UserError("--replica takes 1 to 64 letters, digits, - or _, not \"" + replica.get() + "\"");
        }
    }

    /**
     * @param keysMade whether somebody has a key
     * @throws UserError when nobody could be served
     */
    void checkKeys(BooleanSupplier keysMade) {
        if (!routes() || access.auth().mayStart(keysMade)) {
            return;
        }
        String first = database.isPresent()
                ? "Start it without --host, make a key (./troupe tenants create NAME, ./troupe keys create --tenant NAME), and"
                        + " start it again"
                : "Give it a database that keeps keys (--db-url; docs/tenancy.md says how the first is made)";
        throw new UserError("no key has been made, and at " + httpHost + " others than this machine's users come by. "
                + first + ". Or answer whoever comes: --insecure-no-auth");
    }

    boolean routes() {
        return roles.contains(Role.ROUTER);
    }

    boolean plans() {
        return roles.contains(Role.BATCHER);
    }

    boolean works() {
        return roles.contains(Role.WORKER);
    }

    boolean makesPictures() {
        return roles.contains(Role.IMAGE_WORKER);
    }
}
