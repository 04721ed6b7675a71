package dev.troupe.router.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.Json;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/** {@code /admin/v1/nodes}: the processes of the pool. */
final class AdminRoute {
    static final String PATH = "/admin/v1/nodes";
    static final String BACKUPS = "/admin/v1/backups";

    private final PoolAdmin admin;
    private final AuditTrail trail;

    AdminRoute(PoolAdmin admin, AuditTrail trail) {
        this.admin = admin;
        this.trail = trail;
    }

    void list(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        ObjectNode body = Json.object().put("object", "list");
        ArrayNode data = body.putArray("data");
        admin.nodes().forEach(node -> {
            ObjectNode entry = data.addObject()
                    .put("id", node.id())
                    .put("object", "node")
                    .put("address", node.address())
                    .put("self", node.self());
            ArrayNode roles = entry.putArray("roles");
            node.roles().stream().sorted().forEach(roles::add);
        });
        Responses.json(response, 200, body);
    }

    /** Whether any one process could die now. Asks every process, which takes its time when one is just dying. */
    void backups(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        admin.backupsAreWhole()
                .onSuccess(whole -> Responses.json(
                        response, 200, Json.object().put("object", "backups").put("whole", whole)))
                .onFailure(failure -> Responses.error(
                        response, ApiError.internal("internal_error", "The pool cannot be looked at now.")));
    }

    void drain(RoutingContext context) {
        HttpServerResponse response = context.response();
        String id = context.pathParam("id");
        // First, since it may be this process that leaves.
        trail.note(trail.entry(context, "node.drain", id, Json.object()))
                .compose(noted -> admin.drain(id))
                .onSuccess(found -> {
                    if (found) {
                        Responses.json(
                                response,
                                202,
                                Json.object()
                                        .put("id", id)
                                        .put("object", "node")
                                        .put("status", "draining"));
                    } else {
                        Responses.error(response, unknown(id));
                    }
                })
                .onFailure(failure -> Responses.error(
                        response,
                        ApiError.unavailable(
                                "node_silent", "The node `" + Json.excerpt(id) + "` does not answer.", 1)));
    }

    private static ApiError unknown(String id) {
        return ApiError.notFound(
                "node_not_found", "The pool has no node `" + Json.excerpt(id) + "`. GET /admin/v1/nodes lists them.");
    }
}
