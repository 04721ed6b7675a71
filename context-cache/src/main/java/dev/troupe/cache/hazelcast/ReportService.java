package dev.troupe.cache.hazelcast;

import com.hazelcast.map.EntryProcessor;
import dev.troupe.cache.service.ServiceAccount;
import dev.troupe.cache.service.ServiceReport;
import java.util.Map;

/** Adds what a replica did to the account of a tenant. Answers its counter. */
record ReportService(ServiceReport report, long nowMillis) implements EntryProcessor<String, ServiceAccount, Double> {
    private static final long serialVersionUID = 1L;

    @Override
    public Double process(Map.Entry<String, ServiceAccount> entry) {
        ServiceAccount before = entry.getValue() == null ? ServiceAccount.NONE : entry.getValue();
        ServiceAccount after = before.with(report, nowMillis);
        entry.setValue(after);
        return after.counter();
    }
}
