package dev.troupe.cache.service;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Where replicas add up what they did, so that a tenant's share is one of the pool and not of each replica. Never waited for: a replica goes on
 * with what it knows.
 */
public interface ServiceLedger {
    /** A replica by itself: what it hears is what it said, so nothing changes. */
    ServiceLedger ALONE = (model, reports) -> CompletableFuture.completedFuture(Map.of());

    /**
     * Adds what a replica did. Done twice, it counts twice.
     *
     * @param model fingerprint; its replicas share one ledger
     * @param reports by tenant
     * @return the pool's counters of those tenants, as far as the ledger has any
     */
    CompletionStage<Map<String, Double>> exchange(String model, Map<String, ServiceReport> reports);
}
