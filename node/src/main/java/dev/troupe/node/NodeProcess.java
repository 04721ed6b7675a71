package dev.troupe.node;

import dev.troupe.cache.hazelcast.HazelcastConversations;
import dev.troupe.cluster.CutOffException;
import dev.troupe.cluster.Discovery;
import dev.troupe.cluster.tenant.Tenant;
import dev.troupe.models.hub.HubConfig;
import dev.troupe.models.hub.ModelHub;
import dev.troupe.router.AuthRule;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ExitCode;

/** The life of a process: start, serve until told to stop, drain, leave. What it says goes to standard output. */
final class NodeProcess {
    /** Here before any thread is: two threads at the first logger confuse SLF4J. */
    private static final Logger log = LoggerFactory.getLogger(NodeProcess.class);

    /** As a shell reports a program that Ctrl-C ended. */
    private static final int INTERRUPTED = 130;

    private static final String WITHOUT_US = "The pool went on without this process, which now joins it as a new one.";

    /** Why a node's life is over. */
    private enum End {
        /** Somebody said so. */
        TOLD,
        /** It cannot be what it was told to be any more. */
        LOST,
        /** The pool went on without it, and is in sight again. */
        CUT_OFF
    }

    private NodeProcess() {}

    /** @return the exit code: 0 when everything that ran has ended, 1 when the drain timeout cut it short, or its worker became another */
    static int run(NodeOptions options) throws InterruptedException {
        log.debug("starting {}", options.roles());
        CompletableFuture<End> told = new CompletableFuture<>();
        AtomicBoolean drains = new AtomicBoolean();
        Signals.onStop(() -> {
            // Before anything runs, and the second time, there is nothing to wait for.
            if (!drains.getAndSet(false)) {
                Runtime.getRuntime().halt(INTERRUPTED);
            }
            told.complete(End.TOLD);
        });
        ModelHub hub = new ModelHub(HubConfig.of(options.data()));
        DownloadProgress progress = new DownloadProgress(System.out, Boolean.getBoolean("troupe.terminal"));
        while (true) {
            long began = System.nanoTime();
            NodeRuntime node;
            try {
                node = NodeRuntime.start(options, () -> hub.resolve(options.model(), progress));
            } catch (CutOffException e) {
                log.debug("cut off while starting", e);
                System.out.println(WITHOUT_US);
                continue;
            }
            drains.set(!told.isDone());
            CompletableFuture<End> end = endOf(node);
            announce(node, options, began, System.out);
            switch (Waiting.on(told.applyToEither(end, Function.identity()))) {
                case TOLD -> {
                    return stop(node, options.drainTimeout());
                }
                case LOST -> {
                    stop(node, options.drainTimeout());
                    return ExitCode.SOFTWARE;
                }
                case CUT_OFF -> {
                    System.out.println(WITHOUT_US);
                    node.abandon();
                }
            }
        }
    }

    private static CompletableFuture<End> endOf(NodeRuntime node) {
        CompletableFuture<End> end = new CompletableFuture<>();
        node.lost().onSuccess(why -> {
            System.err.println("troupe: " + why);
            end.complete(End.LOST);
        });
        node.leaving().onSuccess(asked -> end.complete(End.TOLD));
        node.cutOff().onSuccess(gone -> end.complete(End.CUT_OFF));
        return end;
    }

    private static void announce(NodeRuntime node, NodeOptions options, long began, PrintStream out)
            throws InterruptedException {
        node.model().ifPresent(model -> {
            out.println(model.describe());
            out.println(model.describeMemory());
        });
        node.pictures().ifPresent(pictures -> out.println(pictures.describe()));
        out.println("Pool of " + node.poolSize() + " at " + options.cluster().host() + ":" + node.clusterPort());
        if (options.routes() && options.database().isEmpty()) {
            out.println(
                    "No database (--db-url): conversations are kept in the pool's memory only. They end with its last"
                            + " process, and the least used go when they take " + HazelcastConversations.MEGABYTES
                            + " MB of a process.");
        }
        if (node.poolSize() == 1 && !options.cluster().discovery().equals(Discovery.ALONE)) {
            out.println("Found nobody of its pool: whoever is there already has another cluster password.");
        }
        if (options.plans() && !options.works()) {
            String replica = options.replica().orElseThrow();
            out.println("Waiting for the worker of replica " + replica);
            node.planning().onSuccess(ready -> out.println("Ready: replica " + replica + " has its worker"));
        } else if (node.httpPort().isEmpty()) {
            out.println("Ready after " + seconds(began) + " s");
        }
        node.operatorPort()
                .ifPresent(port -> out.println(
                        "Listening at " + url("http", options.httpHost(), port) + "; only health and metrics"));
        if (node.httpPort().isEmpty()) {
            return;
        }
        String url = url(scheme(options), options.httpHost(), node.httpPort().get());
        announceAccess(node, options, out);
        if (!node.majority().isHeld()) {
            out.println("Listening at " + url + "; takes requests when more than half of the pool is here: "
                    + node.majority());
            return;
        }
        if (node.model().isEmpty() || !options.plans()) {
            out.println("Listening at " + url + "; serves every model of the pool");
            return;
        }
        String model = node.model().get().card().id();
        Readiness.await(url, options.access().tls());
        out.println("Ready at " + url + " after " + seconds(began) + " s. Try:");
        String key =
                options.access().auth() == AuthRule.KEYS_ONLY ? " -H \"Authorization: Bearer $TROUPE_API_KEY\"" : "";
        out.println("  curl " + url + "/v1/chat/completions" + key + " -H 'Content-Type: application/json' \\");
        out.println("    -d '{\"model\":\"" + model
                + "\",\"max_tokens\":64,\"messages\":[{\"role\":\"user\",\"content\":\"Hello!\"}]}'");
    }

    private static int stop(NodeRuntime node, Duration atMost) {
        System.out.println("Stopping: no new requests, and " + atMost.toSeconds()
                + " s at most for those that run. The same again stops at once.");
        boolean ended = node.stop(atMost);
        System.out.println(ended ? "Stopped." : "Stopped, before everything had ended.");
        return ended ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    /** Who is let in, and where the key lies that lets others in. */
    private static void announceAccess(NodeRuntime node, NodeOptions options, PrintStream out) {
        switch (options.access().auth()) {
            case UNTIL_FIRST_KEY ->
                out.println(
                        node.keysMade()
                                ? "Keys have been made: every request needs one."
                                : "Until the first key is made, everybody on this machine is answered without one, as"
                                        + " tenant " + Tenant.LOCAL + ".");
            case KEYS_ONLY -> {
                if (options.access().tls().isEmpty()) {
                    out.println("Without --tls-cert, keys and answers travel in the clear.");
                }
            }
            case ANYBODY -> out.println("--insecure-no-auth: whoever reaches the port is answered, without a key.");
        }
        node.adminKey().ifPresent(key -> out.println("Admin key: " + key.file()));
    }

    private static String scheme(NodeOptions options) {
        return options.access().tls().isPresent() ? "https" : "http";
    }

    private static String url(String scheme, String host, int port) {
        return scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    private static String seconds(long began) {
        return String.format(Locale.ROOT, "%.1f", (System.nanoTime() - began) / 1e9);
    }
}
