package dev.troupe.router.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.cluster.tenant.ApiKey;
import dev.troupe.cluster.tenant.KeySecret;
import dev.troupe.cluster.tenant.Tenant;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.ApiException;
import dev.troupe.router.api.Json;
import dev.troupe.router.api.TenancyFields;
import dev.troupe.router.api.TenancyFields.NewKey;
import dev.troupe.router.tenant.Records;
import dev.troupe.store.AuditEntry;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** {@code /admin/v1/tenants}, {@code /admin/v1/keys} and {@code /admin/v1/audit}: with an admin key only, from wherever. */
final class TenancyRoutes {
    static final String TENANTS = "/admin/v1/tenants";
    private static final String TENANT = TENANTS + "/:name";
    private static final String REQUESTS = "/requests";
    static final String KEYS = "/admin/v1/keys";
    static final String AUDIT = "/admin/v1/audit";
    private static final int MOST_AUDIT_ENTRIES = 1_000;
    private static final int AUDIT_ENTRIES = 100;
    private static final SecureRandom SECRETS = new SecureRandom();

    private final Records records;
    private final JsonBodies bodies;
    private final WorkerExecutor workers;
    private final AuditTrail trail;
    private final LongSupplier seconds;

    /** @param seconds since 1970 */
    TenancyRoutes(Records records, JsonBodies bodies, WorkerExecutor workers, AuditTrail trail, LongSupplier seconds) {
        this.records = records;
        this.trail = trail;
        this.bodies = bodies;
        this.workers = workers;
        this.seconds = seconds;
    }

    void mount(Router router) {
        router.post(TENANTS).handler(context -> Answers.send(context, 201, () -> create(context)));
        router.get(TENANTS)
                .handler(context -> Answers.send(context, 200, () -> fresh().map(
                                done -> TenancyJson.list(records.ring().tenants(), TenancyJson::tenant))));
        router.get(TENANT)
                .handler(context ->
                        Answers.send(context, 200, () -> fresh().map(done -> TenancyJson.tenant(tenant(context)))));
        router.patch(TENANT).handler(context -> Answers.send(context, 200, () -> update(context)));
        router.delete(TENANT).handler(context -> Answers.send(context, 200, () -> delete(context)));
        router.delete(TENANT + REQUESTS).handler(context -> Answers.send(context, 200, () -> forget(context)));
        router.post(KEYS).handler(context -> Answers.send(context, 201, () -> createKey(context)));
        router.get(KEYS).handler(context -> Answers.send(context, 200, () -> fresh().map(done -> keys(context))));
        router.post(KEYS + "/:id/revoke").handler(context -> Answers.send(context, 200, () -> revoke(context)));
        router.post(KEYS + "/:id/rotate").handler(context -> Answers.send(context, 201, () -> rotate(context)));
        router.get(AUDIT).handler(context -> Answers.send(context, 200, () -> audit(context)));
    }

    /** What another router has changed a moment ago is told, too. */
    private Future<Void> fresh() {
        return records.directory().load();
    }

    private Future<ObjectNode> create(RoutingContext context) {
        return bodies.read(context.request(), body -> TenancyFields.create(body, seconds.getAsLong()))
                .compose(tenant -> {
                    AuditEntry audit = trail.entry(context, "tenant.create", tenant.name(), TenancyJson.tenant(tenant));
                    return records.change(store -> store.create(tenant, audit)).map(made -> {
                        if (!made) {
                            throw new ApiException(taken(tenant.name()));
                        }
                        return TenancyJson.tenant(tenant);
                    });
                });
    }

    private Future<ObjectNode> update(RoutingContext context) {
        return bodies.read(context.request())
                .compose(body -> fresh().compose(
                                done -> bodies.parse(body, json -> TenancyFields.change(json, tenant(context)))))
                .compose(tenant -> {
                    AuditEntry audit = trail.entry(context, "tenant.update", tenant.name(), TenancyJson.tenant(tenant));
                    return records.change(store -> store.update(tenant, audit)).map(made -> {
                        if (!made) {
                            throw new ApiException(unknownTenant(tenant.name()));
                        }
                        return TenancyJson.tenant(tenant);
                    });
                });
    }

    private Future<ObjectNode> delete(RoutingContext context) {
        String name = context.pathParam("name");
        if (name.equals(Tenant.LOCAL)) {
            return Future.failedFuture(new ApiException(ApiError.field(
                    "name", "invalid_value", "The tenant '" + Tenant.LOCAL + "' holds the admin keys and stays.")));
        }
        AuditEntry audit = trail.entry(context, "tenant.delete", name, Json.object());
        return records.change(store -> store.delete(name, seconds.getAsLong(), audit))
                .map(found -> {
                    if (!found) {
                        throw new ApiException(unknownTenant(name));
                    }
                    return Json.object()
                            .put("object", "tenant")
                            .put("name", name)
                            .put("deleted", true);
                });
    }

    /** What was logged of the requests of a tenant, who may be a deleted one. What they cost stays in the ledger. */
    private Future<ObjectNode> forget(RoutingContext context) {
        String name = context.pathParam("name");
        return workers.executeBlocking(() -> records.requests().deleteOf(name), false)
                .compose(count -> {
                    ObjectNode told = Json.object()
                            .put("object", "requests")
                            .put("tenant", name)
                            .put("deleted", count);
                    return trail.note(trail.entry(context, "requests.delete", name, told))
                            .map(told);
                });
    }

    private Tenant tenant(RoutingContext context) {
        String name = context.pathParam("name");
        return records.ring().tenant(name).orElseThrow(() -> new ApiException(unknownTenant(name)));
    }

    private Future<ObjectNode> createKey(RoutingContext context) {
        return bodies.read(context.request(), body -> TenancyFields.key(body, seconds.getAsLong()))
                .compose(wanted -> add(context, "key.create", wanted));
    }

    private Future<ObjectNode> add(RoutingContext context, String action, NewKey wanted) {
        KeySecret secret = KeySecret.make(SECRETS);
        ApiKey key = new ApiKey(
                secret.id(),
                wanted.tenant(),
                secret.hash(),
                wanted.scopes(),
                wanted.limits(),
                seconds.getAsLong(),
                wanted.expiresAt(),
                OptionalLong.empty());
        AuditEntry audit = trail.entry(context, action, key.id(), TenancyJson.key(key));
        return records.change(store -> store.create(key, audit)).map(made -> {
            if (!made) {
                throw new ApiException(ApiError.field(
                        "tenant",
                        "tenant_not_found",
                        "There is no tenant '" + Json.excerpt(wanted.tenant()) + "'. Create it first."));
            }
            ObjectNode told = TenancyJson.key(key);
            told.remove("revoked_at");
            return told.put("key", secret.text());
        });
    }

    private ObjectNode keys(RoutingContext context) {
        Optional<String> tenant = Optional.ofNullable(context.request().getParam("tenant"));
        return TenancyJson.list(
                records.ring().keys().stream()
                        .filter(key -> tenant.isEmpty() || tenant.get().equals(key.tenant()))
                        .toList(),
                TenancyJson::key);
    }

    private Future<ObjectNode> revoke(RoutingContext context) {
        String id = context.pathParam("id");
        return revoke(context, id, seconds.getAsLong()).map(TenancyJson::key);
    }

    private Future<ApiKey> revoke(RoutingContext context, String id, long at) {
        AuditEntry audit = trail.entry(context, "key.revoke", id, Json.object().put("revoked_at", at));
        return records.change(store -> store.revoke(id, at, audit))
                .map(found -> found.orElseThrow(() -> new ApiException(unknownKey(id))));
    }

    /** The new one first: should this process die between the two, both are good. */
    private Future<ObjectNode> rotate(RoutingContext context) {
        String id = context.pathParam("id");
        return bodies.read(context.request(), TenancyFields::grace).compose(grace -> fresh().compose(done -> {
                    ApiKey old = records.ring().key(id).orElseThrow(() -> new ApiException(unknownKey(id)));
                    if (old.revokedAt().isPresent()) {
                        throw new ApiException(ApiError.field(
                                "id", "key_revoked", "The key is revoked already; create a new one instead."));
                    }
                    return add(
                            context,
                            "key.rotate",
                            new NewKey(old.tenant(), old.scopes(), old.limits(), old.expiresAt()));
                })
                .compose(
                        made -> revoke(context, id, seconds.getAsLong() + grace).map(made)));
    }

    private Future<ObjectNode> audit(RoutingContext context) {
        int most = Answers.number(context, "limit", 1, MOST_AUDIT_ENTRIES, AUDIT_ENTRIES);
        return workers.executeBlocking(() -> records.audit().latest(most), false)
                .map(entries -> TenancyJson.list(entries, TenancyJson::audit));
    }

    private static ApiError taken(String name) {
        return ApiError.field(
                "name",
                "tenant_exists",
                "There is, or was, a tenant '" + Json.excerpt(name) + "'. Choose another name.");
    }

    private static ApiError unknownTenant(String name) {
        return ApiError.notFound("tenant_not_found", "There is no tenant '" + Json.excerpt(name) + "'.");
    }

    private static ApiError unknownKey(String id) {
        return ApiError.notFound("key_not_found", "There is no key '" + Json.excerpt(id) + "'.");
    }
}
