package dev.troupe.cache.service;

/**
 * What one replica says of one tenant since it last spoke of it. In virtual service: tokens by their price, divided by the tenant's weight.
 *
 * @param served since then
 * @param floor what the tenant's counter was raised to when it came back to this replica; 0 when it did not
 * @param waiting whether it has requests in the replica's queue
 */
public record ServiceReport(double served, double floor, boolean waiting) {
    public ServiceReport {
        if (!(served >= 0 && floor >= 0)) {
            throw new IllegalArgumentException("service is never negative: " + served + ", " + floor);
        }
    }
}
