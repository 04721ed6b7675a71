package dev.troupe.router.generate;

import dev.troupe.cluster.Bus;
import dev.troupe.router.RouterConfig;
import dev.troupe.router.replica.ReplicaDirectory;
import java.util.function.LongSupplier;

/**
 * What a generation needs to reach the pool.
 *
 * @param routerId whom tokens are sent to
 * @param clock milliseconds that only grow
 */
public record Pool(Bus bus, String routerId, ReplicaDirectory directory, RouterConfig config, LongSupplier clock) {}
