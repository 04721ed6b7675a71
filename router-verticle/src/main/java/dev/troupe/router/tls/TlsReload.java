package dev.troupe.router.tls;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.ServerSSLOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows a new certificate once the files hold one, from the next connection on; those that are open stay. What is broken is never shown: the
 * one that worked stays until the files are whole again.
 */
public final class TlsReload {
    private static final Logger log = LoggerFactory.getLogger(TlsReload.class);

    private final Vertx vertx;
    private final TlsFiles files;
    private TlsIdentity shown;
    private String told = "";
    private boolean looking;

    private TlsReload(Vertx vertx, TlsFiles files, TlsIdentity shown) {
        this.vertx = vertx;
        this.files = files;
        this.shown = shown;
    }

    /** @return fails with {@link TlsException} when the files are not usable */
    public static Future<TlsReload> start(Vertx vertx, TlsFiles files) {
        return vertx.executeBlocking(() -> new TlsReload(vertx, files, TlsIdentity.read(files)), false);
    }

    /** HTTP/2 for those that speak it, HTTP/1.1 for the others, and nothing in the clear. */
    public void configure(HttpServerOptions options) {
        options.setSsl(true).setUseAlpn(true).setKeyCertOptions(shown.options());
    }

    /** Looks at the files; to be called now and then on the event loop. Whole files are small: reading them tells more than their dates. */
    public void look(HttpServer server) {
        if (looking) {
            return;
        }
        looking = true;
        vertx.executeBlocking(() -> shown.newer(files), false)
                .compose(newer -> newer.map(found -> show(server, found)).orElse(Future.succeededFuture()))
                .onSuccess(whole -> told = "")
                .onFailure(this::keepsTheOld)
                .onComplete(done -> looking = false);
    }

    private Future<Void> show(HttpServer server, TlsIdentity found) {
        return server.updateSSLOptions(new ServerSSLOptions().setKeyCertOptions(found.options()))
                .onSuccess(updated -> {
                    shown = found;
                    log.info("A new certificate from {}, good until {}", files.certificate(), found.expires());
                })
                .mapEmpty();
    }

    private void keepsTheOld(Throwable failure) {
        String problem = String.valueOf(failure.getMessage());
        if (!problem.equals(told)) {
            told = problem;
            log.warn("The old certificate stays, good until {}: {}", shown.expires(), problem);
        }
    }
}
