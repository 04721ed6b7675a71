package dev.troupe.cluster;

import io.vertx.core.Future;
import io.vertx.core.VertxOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Real members of a cluster, all in this process, that leave with the test. */
final class Members implements AutoCloseable {
    private final List<Cluster> members = new ArrayList<>();
    private final String name = "test-" + System.nanoTime();

    /** A member on loopback with everything as it comes. */
    static ClusterOptions options(String host, int port, Discovery discovery) {
        return new ClusterOptions(
                host,
                port,
                true,
                Optional.empty(),
                ClusterOptions.Bus.DEFAULT,
                discovery,
                ClusterOptions.Losses.DEFAULT,
                "replaced",
                Optional.empty());
    }

    static ClusterOptions with(ClusterOptions options, ClusterOptions.Bus bus) {
        return new ClusterOptions(
                options.host(),
                options.port(),
                options.portMayMove(),
                options.publicAddress(),
                bus,
                options.discovery(),
                options.losses(),
                options.name(),
                options.password());
    }

    static ClusterOptions with(ClusterOptions options, int expectedNodes, String password) {
        return new ClusterOptions(
                options.host(),
                options.port(),
                options.portMayMove(),
                options.publicAddress(),
                options.bus(),
                options.discovery(),
                ClusterOptions.Losses.expecting(expectedNodes),
                options.name(),
                Optional.of(password));
    }

    /** Starts a member of a name that only this test uses. */
    Cluster start(ClusterOptions options) {
        ClusterOptions named = new ClusterOptions(
                options.host(),
                options.port(),
                options.portMayMove(),
                options.publicAddress(),
                options.bus(),
                options.discovery(),
                options.losses(),
                name,
                options.password());
        Cluster member = await(Cluster.start(named, new VertxOptions()));
        members.add(member);
        return member;
    }

    static Discovery at(Cluster member) {
        return new Discovery.Members(List.of(HostPort.parse("--join", "127.0.0.1:" + member.port())));
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    static void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within 30 s: " + what);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Override
    public void close() {
        members.forEach(member -> await(member.leave()));
    }
}
