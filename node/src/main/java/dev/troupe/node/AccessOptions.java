package dev.troupe.node;

import dev.troupe.router.Access;
import dev.troupe.router.AuthRule;
import dev.troupe.router.TrustedProxies;
import dev.troupe.router.tls.TlsException;
import dev.troupe.router.tls.TlsFiles;
import dev.troupe.router.tls.TlsIdentity;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** How the public port is kept: who needs a key, and how it is encrypted. */
final class AccessOptions {
    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description =
                    "Address for HTTP to listen at (default: ${DEFAULT-VALUE}, which only this machine reaches; for"
                            + " others, a key must have been made).")
    String host = "127.0.0.1";

    @Option(
            names = "--insecure-no-auth",
            description = "Answer whoever reaches the port, without a key, as tenant local.")
    private boolean insecureNoAuth;

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            description =
                    "Certificate of the public port, in PEM form, with those that vouch for it; with --tls-key. HTTPS"
                            + " only, then, and HTTP/2 with those that speak it. Both files are read again when they change.")
    private Path tlsCert;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "Its private key, PKCS#8 in PEM form.")
    private Path tlsKey;

    @Option(
            names = "--trusted-proxies",
            split = ",",
            paramLabel = "CIDR",
            description =
                    "Networks of the proxies in front, such as 10.0.0.0/8, whose X-Forwarded-For says who the client"
                            + " is (default: none; the header is not read).")
    private List<String> trustedProxies = List.of();

    /**
     * @param routes whether this process has a public port
     * @throws UserError that names the option
     */
    Access access(boolean routes) {
        boolean given = insecureNoAuth || tlsCert != null || tlsKey != null || !trustedProxies.isEmpty();
        if (given && !routes) {
            throw new UserError(
                    "--insecure-no-auth, --tls-cert, --tls-key and --trusted-proxies are for a process with a"
                            + " router; leave them out here");
        }
        return new Access(AuthRule.of(isLoopback(host), insecureNoAuth), tls(), proxies());
    }

    private static boolean isLoopback(String host) {
        try {
            return Stream.of(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
        } catch (UnknownHostException e) {
            throw new UserError("--host: nobody knows the address \"" + host + "\"", e);
        }
    }

    private Optional<TlsFiles> tls() {
        if (tlsCert == null && tlsKey == null) {
            return Optional.empty();
        }
        if (tlsCert == null || tlsKey == null) {
            throw new UserError("--tls-cert and --tls-key go together: give both or none");
        }
        TlsFiles files = new TlsFiles(tlsCert, tlsKey);
        try {
            // The router reads them itself; here so that what is wrong is said before all that takes longer.
            TlsIdentity.read(files);
        } catch (TlsException e) {
            throw new UserError("--tls-cert, --tls-key: " + e.getMessage(), e);
        }
        return Optional.of(files);
    }

    private TrustedProxies proxies() {
        try {
            return TrustedProxies.parse(trustedProxies);
        } catch (IllegalArgumentException e) {
            throw new UserError("--trusted-proxies: " + e.getMessage(), e);
        }
    }
}
