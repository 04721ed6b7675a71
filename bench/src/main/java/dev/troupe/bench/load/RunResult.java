package dev.troupe.bench.load;

import java.util.List;

/**
 * One run of one load against one server.
 *
 * @param seconds from the first request written to the last answer ended
 * @param clientCpuSeconds what this process used meanwhile, its garbage collector and compiler included
 */
public record RunResult(List<Exchange> exchanges, double seconds, double clientCpuSeconds) {
    public RunResult {
        exchanges = List.copyOf(exchanges);
    }
}
