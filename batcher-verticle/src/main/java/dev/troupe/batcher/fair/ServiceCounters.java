package dev.troupe.batcher.fair;

import dev.troupe.cache.service.ServiceReport;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The counters of the Virtual Token Counter (arXiv 2401.00588, algorithm 2): for each tenant what it was given, by price and divided by its
 * weight. Who has the least is next. A counter is what the pool said last and what was done here since, so that it is right at once for what
 * happens here, and late by one exchange for what happens elsewhere.
 */
public final class ServiceCounters {
    private final Map<String, Account> accounts = new HashMap<>();

    private static final class Account {
        private double pool;
        /** Reported, and not answered yet. */
        private double reported;
        /** Done since the last report. */
        private double recent;
        /** To be reported: what it was raised to. */
        private double floor;

        private double total() {
            return pool + reported + recent;
        }

        private boolean isReported() {
            return recent == 0 && reported == 0 && floor == 0;
        }
    }

    /** @return 0 for somebody who has never been here */
    public double of(String tenant) {
        Account account = accounts.get(tenant);
        return account == null ? 0 : account.total();
    }

    /** A tenant comes to wait that did not: from its absence it keeps what it owes, and gets no credit. */
    public void raise(String tenant, double least) {
        Account account = account(tenant);
        if (account.total() < least) {
            account.pool += least - account.total();
        }
        account.floor = least;
    }

    /** @param price see {@link Price} */
    public void charge(String tenant, int weight, double price) {
        account(tenant).recent += price / weight;
    }

    private Account account(String tenant) {
        return accounts.computeIfAbsent(tenant, name -> new Account());
    }

    /**
     * What is new here, to be told to the pool; {@link #heard} or {@link #unheard} must follow before the next report.
     *
     * @param waiting whether a tenant has requests in the queue: those are reported even if nothing else is new of them
     */
    public Map<String, ServiceReport> report(Predicate<String> waiting) {
        Map<String, ServiceReport> reports = new HashMap<>();
        accounts.forEach((tenant, account) -> {
            boolean waits = waiting.test(tenant);
            if (waits || !account.isReported()) {
                reports.put(tenant, new ServiceReport(account.recent, account.floor, waits));
                account.reported = account.recent;
                account.recent = 0;
                account.floor = 0;
            }
        });
        return reports;
    }

    /** @param totals of the pool after the last report; whoever is missing has no other account than the one here */
    public void heard(Map<String, Double> totals) {
        accounts.forEach((tenant, account) -> {
            double here = account.pool + account.reported;
            double said = totals.getOrDefault(tenant, here);
            // Raised since: the pool does not know of it yet.
            account.pool = account.floor > 0 ? Math.max(said, here) : said;
            account.reported = 0;
        });
    }

    /** The last report may not have come to the pool; what it said is said again with the next one. */
    public void unheard() {
        accounts.values().forEach(account -> {
            account.recent += account.reported;
            account.reported = 0;
        });
    }

    /** Forgets who would begin with as much if he came back. */
    public void forget(Predicate<String> needed, double least) {
        accounts.entrySet()
                .removeIf(entry -> !needed.test(entry.getKey())
                        && entry.getValue().isReported()
                        && entry.getValue().total() <= least);
    }

    /** @return tenants that have a counter */
    int size() {
        return accounts.size();
    }
}
