package dev.troupe.router;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How a router serves.
 *
 * @param host that HTTP binds to
 * @param port of HTTP; 0 takes any free one
 * @param maxBodyBytes larger bodies are refused before they are read
 * @param bodyTimeout for a body to arrive
 * @param maxRequests at work at once; more are answered 429
 * @param keepAlive silence of a stream after which a comment shows that it lives
 * @param stall for which a client of a stream may take nothing while it is behind, before its connection is closed
 * @param admissionTimeout for a batcher to answer before it is asked again
 * @param replicaSilence without a heartbeat after which a replica is not asked any more and its streams are probed
 * @param streamSilence without a token after which a stream is probed; the longer it goes on, the less often
 * @param idleTimeout without a request in progress after which a connection is closed
 * @param failoverTimeout for a request that has lost its replica to find another
 * @param access who may ask, and how it is encrypted
 */
public record RouterConfig(
        String host,
        int port,
        long maxBodyBytes,
        Duration bodyTimeout,
        int maxRequests,
        Duration keepAlive,
        Duration stall,
        Duration admissionTimeout,
        Duration replicaSilence,
        Duration streamSilence,
        Duration idleTimeout,
        Duration failoverTimeout,
        Access access) {

    /** What a router does unless told otherwise; heartbeats come every 500 ms, so three missed are two seconds. */
    public static final RouterConfig DEFAULT = new RouterConfig(
            "127.0.0.1",
            8080,
            10 << 20,
            Duration.ofSeconds(30),
            4096,
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            Duration.ofSeconds(75),
            Duration.ofSeconds(60),
            Access.LOOPBACK);

    public RouterConfig {
        requireNonNull(host);
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("HTTP port must be between 0 and 65535, not " + port);
        }
        if (maxBodyBytes < 1 || maxBodyBytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("maxBodyBytes must be between 1 and 2147483647, not " + maxBodyBytes);
        }
        if (maxRequests < 1) {
            throw new IllegalArgumentException("maxRequests must be at least 1, not " + maxRequests);
        }
        positive("bodyTimeout", bodyTimeout);
        positive("keepAlive", keepAlive);
        positive("stall", stall);
        positive("admissionTimeout", admissionTimeout);
        positive("replicaSilence", replicaSilence);
        positive("streamSilence", streamSilence);
        positive("idleTimeout", idleTimeout);
        positive("failoverTimeout", failoverTimeout);
        requireNonNull(access);
    }

    public RouterConfig withAddress(String newHost, int newPort) {
        return new RouterConfig(
                newHost,
                newPort,
                maxBodyBytes,
                bodyTimeout,
                maxRequests,
                keepAlive,
                stall,
                admissionTimeout,
                replicaSilence,
                streamSilence,
                idleTimeout,
                failoverTimeout,
                access);
    }

    public RouterConfig withMaxRequests(int newMaxRequests) {
        return new RouterConfig(
                host,
                port,
                maxBodyBytes,
                bodyTimeout,
                newMaxRequests,
                keepAlive,
                stall,
                admissionTimeout,
                replicaSilence,
                streamSilence,
                idleTimeout,
                failoverTimeout,
                access);
    }

    public RouterConfig withAccess(Access newAccess) {
        return new RouterConfig(
                host,
                port,
                maxBodyBytes,
                bodyTimeout,
                maxRequests,
                keepAlive,
                stall,
                admissionTimeout,
                replicaSilence,
                streamSilence,
                idleTimeout,
                failoverTimeout,
                newAccess);
    }

    private static void positive(String name, Duration value) {
        if (value.toMillis() < 1) {
            throw new IllegalArgumentException(name + " must be at least a millisecond, not " + value);
        }
    }
}
