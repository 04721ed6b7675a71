package dev.troupe.router.http;

import dev.troupe.router.TrustedProxies;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Where clients find this pool: as its operator says, else as a trusted proxy says, else as the request itself was addressed. */
final class PublicUrl {
    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9.-]{1,253}(:\\d{1,5})?|\\[[0-9A-Fa-f:.]{2,45}](:\\d{1,5})?");

    private final Optional<String> fixed;
    private final TrustedProxies proxies;

    PublicUrl(Optional<String> fixed, TrustedProxies proxies) {
        this.fixed = fixed;
        this.proxies = proxies;
    }

    /** @return without a slash at its end; empty where the request names no host that could be one, so that a path must do */
    String of(HttpServerRequest request) {
        return fixed.orElseGet(() -> {
            boolean proxied = isFromProxy(request);
            String scheme = proxied ? first(request, "x-forwarded-proto").orElse(request.scheme()) : request.scheme();
            String host = (proxied ? first(request, "x-forwarded-host") : Optional.<String>empty())
                    .orElse(
                            request.authority() == null
                                    ? ""
                                    : request.authority().toString());
            boolean usable = HOST.matcher(host).matches() && ("http".equals(scheme) || "https".equals(scheme));
            return usable ? scheme + "://" + host : "";
        });
    }

    private boolean isFromProxy(HttpServerRequest request) {
        SocketAddress remote = request.remoteAddress();
        return remote != null && remote.hostAddress() != null && proxies.trusts(remote.hostAddress());
    }

    /** Of several proxies the one that met the client speaks first. */
    private static Optional<String> first(HttpServerRequest request, String header) {
        return Optional.ofNullable(request.getHeader(header))
                .map(value -> value.split(",", 2)[0].strip().toLowerCase(Locale.ROOT))
                .filter(value -> !value.isEmpty());
    }
}
