package dev.troupe.router.tenant;

import dev.troupe.cluster.tenant.KeySecret;
import dev.troupe.cluster.tenant.Scope;
import dev.troupe.router.Access;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.ApiException;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lets in who has a key, or needs none. On the event loop. */
public final class Gate {
    private static final Pattern BEARER = Pattern.compile("(?i)bearer +(\\S+) *");

    private final Access access;
    private final Supplier<KeyRing> ring;
    private final LongSupplier clock;
    private final LongSupplier seconds;
    private final GuessThrottle throttle = new GuessThrottle();

    /**
     * @param clock milliseconds that only grow
     * @param seconds since 1970
     */
    public Gate(Access access, Supplier<KeyRing> ring, LongSupplier clock, LongSupplier seconds) {
        this.access = access;
        this.ring = ring;
        this.clock = clock;
        this.seconds = seconds;
    }

    /**
     * What a request says of who sends it.
     *
     * @param authorization the header's value
     * @param remote address of the connection
     * @param forwardedFor the lines of {@code X-Forwarded-For}
     */
    public record Credentials(Optional<String> authorization, String remote, List<String> forwardedFor) {}

    /** @throws ApiException when nobody is let in with these */
    public Caller admit(Credentials credentials, Scope scope) {
        Caller caller = caller(credentials);
        if (!caller.may(scope)) {
            throw new ApiException(caller.key().isEmpty() ? ApiError.noKey() : ApiError.missingScope(scope.word()));
        }
        return caller;
    }

    /** Whoever looks after the pool's processes: with an admin key, or on this machine as long as nobody needs one. */
    public Caller operator(Credentials credentials) {
        byte[] address = NetUtil.createByteArrayFromIpAddressString(credentials.remote());
        boolean fromHere = address != null
                && isLoopback(address)
                && credentials.forwardedFor().isEmpty();
        return fromHere && isFree() && secret(credentials).isEmpty()
                ? ring.get().local()
                : admit(credentials, Scope.ADMIN);
    }

    private static boolean isLoopback(byte[] address) {
        try {
            return InetAddress.getByAddress(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
    }

    private boolean isFree() {
        return access.auth().admitsWithoutKey(() -> ring.get().keysMade());
    }

    private Caller caller(Credentials credentials) {
        Optional<KeySecret> secret = secret(credentials);
        // OpenAI's clients always send some key, and whoever runs without keys tells them any text.
        if (secret.isEmpty() && isFree()) {
            return ring.get().local();
        }
        if (credentials.authorization().isEmpty()) {
            throw new ApiException(ApiError.noKey());
        }
        KeyRing.Finding found = secret.map(given -> ring.get().find(given, seconds.getAsLong()))
                .orElse(new KeyRing.Finding(KeyRing.Standing.WRONG, Optional.empty()));
        return switch (found.standing()) {
            case GOOD -> found.caller().orElseThrow();
            case REVOKED -> throw new ApiException(ApiError.endedKey("has been revoked"));
            case EXPIRED -> throw new ApiException(ApiError.endedKey("has expired"));
            case WRONG -> throw wrong(credentials);
        };
    }

    private static Optional<KeySecret> secret(Credentials credentials) {
        return credentials
                .authorization()
                .map(BEARER::matcher)
                .filter(Matcher::matches)
                .flatMap(bearer -> KeySecret.parse(bearer.group(1)));
    }

    private ApiException wrong(Credentials credentials) {
        String address = access.proxies().clientAddress(credentials.remote(), credentials.forwardedFor());
        long millis = throttle.wrong(address, clock.getAsLong());
        return new ApiException(millis == 0 ? ApiError.wrongKey() : ApiError.tooManyGuesses(millis));
    }
}
