package dev.troupe.router.http;

import dev.troupe.cluster.tenant.Scope;
import dev.troupe.router.api.ApiException;
import dev.troupe.router.tenant.Caller;
import dev.troupe.router.tenant.Gate;
import dev.troupe.router.tenant.Gate.Credentials;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Asks everybody at the door who he is, and what he comes for. */
final class GateKeeper {
    /** Under which a request's {@link Caller} is found. */
    static final String CALLER = "troupe.caller";

    private static final String FORWARDED_FOR = "x-forwarded-for";

    private final Gate gate;

    GateKeeper(Gate gate) {
        this.gate = gate;
    }

    void admit(RoutingContext context) {
        HttpServerRequest request = context.request();
        try {
            context.put(CALLER, caller(request));
        } catch (ApiException e) {
            if (e.error().status() == 401) {
                context.response().putHeader("www-authenticate", "Bearer");
            }
            Responses.error(context.response(), e.error());
            return;
        }
        context.next();
    }

    private Caller caller(HttpServerRequest request) {
        Credentials credentials = new Credentials(
                Optional.ofNullable(request.getHeader("authorization")),
                remote(request),
                request.headers().getAll(FORWARDED_FOR));
        String path = request.path();
        return path.startsWith(AdminRoute.PATH) || path.startsWith(AdminRoute.BACKUPS)
                ? gate.operator(credentials)
                : gate.admit(credentials, scope(path));
    }

    private static String remote(HttpServerRequest request) {
        SocketAddress remote = request.remoteAddress();
        return remote == null || remote.hostAddress() == null ? "" : remote.hostAddress();
    }

    private static Scope scope(String path) {
        if (path.startsWith("/admin/")) {
            return Scope.ADMIN;
        }
        if (path.startsWith(UsageRoutes.USAGE) || path.startsWith("/v1/organization/")) {
            return Scope.USAGE;
        }
        if (path.startsWith("/v1/files")) {
            return Scope.FILES;
        }
        return path.startsWith("/v1/fine") ? Scope.TRAINING : Scope.INFERENCE;
    }
}
