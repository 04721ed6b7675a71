package dev.troupe.router.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.cluster.tenant.Tenant;
import dev.troupe.store.AuditEntry;
import dev.troupe.store.AuditLog;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who of the operators did what. */
final class AuditTrail {
    private static final Logger log = LoggerFactory.getLogger(AuditTrail.class);

    private final Optional<AuditLog> audit;
    private final WorkerExecutor workers;
    private final LongSupplier seconds;

    /**
     * @param audit absent where there is no database, and so none but the owner of the machine
     * @param seconds since 1970
     */
    AuditTrail(Optional<AuditLog> audit, WorkerExecutor workers, LongSupplier seconds) {
        this.audit = audit;
        this.workers = workers;
        this.seconds = seconds;
    }

    AuditEntry entry(RoutingContext context, String action, String subject, ObjectNode detail) {
        String actor = HttpRoutes.caller(context).keyId().orElse(Tenant.LOCAL);
        return new AuditEntry(seconds.getAsLong(), actor, action, subject, detail.toString());
    }

    /** @return completes when it is written down, or cannot be: a database that is down keeps nobody from mending the pool */
    Future<Void> note(AuditEntry entry) {
        if (audit.isEmpty()) {
            return Future.succeededFuture();
        }
        return workers.<Void>executeBlocking(
                        () -> {
                            audit.get().note(entry);
                            return null;
                        },
                        false)
                .onFailure(failure -> log.error(
                        "Not in the audit log: {} {} by {}", entry.action(), entry.subject(), entry.actor(), failure))
                .otherwiseEmpty();
    }
}
