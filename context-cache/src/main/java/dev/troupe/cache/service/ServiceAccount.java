package dev.troupe.cache.service;

/**
 * What the pool holds of one tenant and model.
 *
 * @param counter virtual service, see {@link ServiceReport}
 * @param waitedAtMillis when a replica last said that the tenant waits, since 1970
 */
public record ServiceAccount(double counter, long waitedAtMillis) {
    public static final ServiceAccount NONE = new ServiceAccount(0, 0);

    /** Replicas speak several times in it, so who is not heard of for as long waits nowhere. */
    static final long SILENCE_MILLIS = 1_000;

    /** A tenant that waits at another replica has not come back: what it lacks there it may still claim. */
    public ServiceAccount with(ServiceReport report, long nowMillis) {
        boolean cameBack = nowMillis - waitedAtMillis > SILENCE_MILLIS;
        double from = cameBack ? Math.max(counter, report.floor()) : counter;
        return new ServiceAccount(
                from + report.served(), report.waiting() ? Math.max(nowMillis, waitedAtMillis) : waitedAtMillis);
    }
}
