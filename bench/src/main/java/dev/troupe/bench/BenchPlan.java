package dev.troupe.bench;

import dev.troupe.bench.load.Endpoint;
import dev.troupe.bench.load.Load;
import dev.troupe.bench.report.Bounds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What shall be measured, and how.
 *
 * @param targets the server, and the one to compare it with, if any
 * @param requests per load, server and round; without it and {@code span} four times the streams, at least 8
 * @param span how long requests are sent, per load, server and round, instead of a number of them
 * @param warmup requests before each load that do not count; without it as many as there are streams
 * @param silence how long a server may say nothing before a request counts as failed
 */
record BenchPlan(
        List<Target> targets,
        List<Load> loads,
        Work work,
        OptionalLong requests,
        Optional<Duration> span,
        OptionalInt warmup,
        int rounds,
        long seed,
        Bounds bounds,
        Duration silence) {
    BenchPlan {
        targets = List.copyOf(targets);
        loads = List.copyOf(loads);
    }

    /**
     * A server to ask.
     *
     * @param model its id; without it the server's first
     */
    record Target(String name, Endpoint endpoint, Optional<String> model) {}

    /**
     * What every request asks for.
     *
     * @param promptTokens of each prompt, about; says nothing where there is a dataset
     * @param sharedPrefix of them, how many are common to all
     */
    record Work(int promptTokens, int outputTokens, int sharedPrefix, Optional<Path> dataset) {}
}
