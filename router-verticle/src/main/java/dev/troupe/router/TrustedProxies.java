package dev.troupe.router;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The proxies in front of a router whose word is taken for who their client is. Everybody else may write into {@code X-Forwarded-For} what
 * he likes: it is not read.
 *
 * @param networks that they are in
 */
public record TrustedProxies(List<Network> networks) {
    public static final TrustedProxies NONE = new TrustedProxies(List.of());

    /** An address and a port, as some proxies write them: {@code 192.0.2.1:4711}, {@code [2001:db8::1]:4711}; the latter also without a port. */
    private static final Pattern WITH_PORT = Pattern.compile("(?:\\[([^\\]]+)](?::\\d{1,5})?|([^:]+):\\d{1,5})");

    public TrustedProxies {
        networks = List.copyOf(networks);
    }

    /**
     * Addresses that begin with the same bits.
     *
     * @param base one of them
     * @param bits how many
     */
    public record Network(InetAddress base, int bits) {
        public Network {
            int most = base.getAddress().length * 8;
            if (bits < 1 || bits > most) {
                throw new IllegalArgumentException(
                        "a network of " + base.getHostAddress() + " has 1 to " + most + " bits, not " + bits);
            }
        }

        /** @throws IllegalArgumentException when the text is neither {@code 10.0.0.0/8}, {@code fd00::/8} nor one address */
        static Network parse(String text) {
            String[] parts = text.strip().split("/", -1);
            InetAddress base =
                    parts.length > 2 ? null : TrustedProxies.address(parts[0]).orElse(null);
            if (base == null || (parts.length == 2 && !parts[1].matches("\\d{1,3}"))) {
                throw new IllegalArgumentException(
                        "\"" + text + "\" is no network; write 10.0.0.0/8, fd00::/8 or an address");
            }
            return new Network(base, parts.length == 2 ? Integer.parseInt(parts[1]) : base.getAddress().length * 8);
        }

        boolean contains(InetAddress address) {
            byte[] wanted = base.getAddress();
            byte[] given = address.getAddress();
            int whole = bits / 8;
            if (given.length != wanted.length || !Arrays.equals(wanted, 0, whole, given, 0, whole)) {
                return false;
            }
            int rest = bits % 8;
            return rest == 0 || ((wanted[whole] ^ given[whole]) & 0xff) >>> (8 - rest) == 0;
        }
    }

    /**
     * @param texts a network each
     * @throws IllegalArgumentException that says which is none
     */
    public static TrustedProxies parse(List<String> texts) {
        return new TrustedProxies(texts.stream().map(Network::parse).toList());
    }

    /**
     * Who sends a request: the last address that somebody trusted has seen, never one that somebody else only says.
     *
     * @param remote address that the connection comes from
     * @param forwardedFor the lines of {@code X-Forwarded-For}, in the order in which they came
     * @return the address in one spelling, without port or zone
     */
    public String clientAddress(String remote, List<String> forwardedFor) {
        Optional<InetAddress> connected = address(remote);
        if (connected.isEmpty()) {
            return remote;
        }
        InetAddress client = connected.get();
        List<String> said = Arrays.asList(String.join(",", forwardedFor).split(",", -1));
        Collections.reverse(said);
        for (String earlier : said) {
            Optional<InetAddress> address = isTrusted(client) ? forwarded(earlier.strip()) : Optional.empty();
            if (address.isEmpty()) {
                break;
            }
            client = address.get();
        }
        return client.getHostAddress();
    }

    /** @param remote address that a connection comes from */
    public boolean trusts(String remote) {
        return address(remote).map(this::isTrusted).orElse(false);
    }

    private boolean isTrusted(InetAddress address) {
        return networks.stream().anyMatch(network -> network.contains(address));
    }

    private static Optional<InetAddress> forwarded(String text) {
        Optional<InetAddress> plain = address(text);
        if (plain.isPresent()) {
            return plain;
        }
        Matcher matcher = WITH_PORT.matcher(text);
        return matcher.matches()
                ? address(matcher.group(1) == null ? matcher.group(2) : matcher.group(1))
                : Optional.empty();
    }

    /** Never asks anybody for the address of a name. */
    private static Optional<InetAddress> address(String text) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
        try {
            // An IPv4 address that is dressed up as IPv6 becomes plain.
            return bytes == null ? Optional.empty() : Optional.of(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
    }
}
