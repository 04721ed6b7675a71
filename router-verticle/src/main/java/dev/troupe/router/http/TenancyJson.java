package dev.troupe.router.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.cluster.tenant.ApiKey;
import dev.troupe.cluster.tenant.Limits;
import dev.troupe.cluster.tenant.Scope;
import dev.troupe.cluster.tenant.Tenant;
import dev.troupe.router.api.Json;
import dev.troupe.router.api.TenancyFields;
import dev.troupe.store.AuditEntry;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;

/** Tenants and keys as the admin API tells them. */
final class TenancyJson {
    private TenancyJson() {}

    static ObjectNode tenant(Tenant tenant) {
        ObjectNode json = Json.object()
                .put("object", "tenant")
                .put("name", tenant.name())
                .put("weight", tenant.weight())
                .put("priority", tenant.priority().word());
        json.set("limits", limits(tenant.limits()));
        ArrayNode models = json.putArray("models");
        tenant.models().stream().sorted().forEach(models::add);
        return json.put("logging", TenancyFields.wordOf(tenant.logging())).put("created_at", tenant.createdAt());
    }

    /** Everything but the secret, of which nothing is kept. */
    static ObjectNode key(ApiKey key) {
        ObjectNode json = Json.object().put("object", "key").put("id", key.id()).put("tenant", key.tenant());
        ArrayNode scopes = json.putArray("scopes");
        key.scopes().stream().sorted().map(Scope::word).forEach(scopes::add);
        json.set("limits", limits(key.limits()));
        json.put("created_at", key.createdAt());
        time(json, "expires_at", key.expiresAt());
        time(json, "revoked_at", key.revokedAt());
        return json;
    }

    static ObjectNode limits(Limits limits) {
        ObjectNode json = Json.object();
        for (Limits.Kind kind : Limits.Kind.values()) {
            limits.of(kind).ifPresent(most -> json.put(kind.word(), most));
        }
        return json;
    }

    private static void time(ObjectNode json, String name, OptionalLong seconds) {
        if (seconds.isPresent()) {
            json.put(name, seconds.getAsLong());
        } else {
            json.putNull(name);
        }
    }

    static ObjectNode audit(AuditEntry entry) {
        ObjectNode json = Json.object()
                .put("object", "audit_entry")
                .put("at", entry.at())
                .put("actor", entry.actor())
                .put("action", entry.action())
                .put("subject", entry.subject());
        json.set("detail", Json.parse(entry.detail().getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        return json;
    }

    static <T> ObjectNode list(List<T> all, Function<T, ObjectNode> each) {
        ObjectNode json = Json.object().put("object", "list");
        ArrayNode data = json.putArray("data");
        all.forEach(one -> data.add(each.apply(one)));
        return json;
    }
}
